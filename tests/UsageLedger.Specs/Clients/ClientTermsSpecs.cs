using System.Text;
using UsageLedger.Answering;
using UsageLedger.Clients;
using UsageLedger.Cycles.Calendar;

namespace UsageLedger.Specs.Clients;

public sealed class ClientTermsSpecs
{
    [Fact]
    public void Terms_are_read_whole()
    {
        var (terms, _) = Read("""{"name":"Contoso","timeZone":"Asia/Kathmandu","period":"weekly","anchorDay":7,"graceDays":366,"currency":"XEU"}""");

        terms.ShouldNotBeNull().ShouldSatisfyAllConditions(
            () => terms.Name.ShouldBe("Contoso"),
            () => terms.Rule.Zone.Id.ShouldBe("Asia/Kathmandu"),
            () => terms.Rule.Period.ShouldBe(CyclePeriod.Weekly),
            () => terms.Rule.AnchorDay.ShouldBe(7),
            () => terms.GraceDays.ShouldBe(366),
            () => terms.Currency.ShouldBe("XEU"));
    }

    [Fact]
    public void Absent_terms_are_those_of_a_client_nobody_registered() => Read("{}").Terms.ShouldBe(ClientTerms.Default("contoso"));

    [Theory]
    [InlineData("""{"name":""}""", "/name empty")]
    [InlineData("""{"name":7}""", "/name wrong_type")]
    [InlineData("""{"timeZone":"Europe/Bern"}""", "/timeZone unknown_time_zone")]
    [InlineData("""{"timeZone":"UTC+2"}""", "/timeZone unknown_time_zone")]
    [InlineData("""{"period":"daily"}""", "/period unknown_period")]
    [InlineData("""{"anchorDay":0}""", "/anchorDay anchor_day_out_of_range")]
    [InlineData("""{"anchorDay":32}""", "/anchorDay anchor_day_out_of_range")]
    [InlineData("""{"anchorDay":1.5}""", "/anchorDay out_of_range")]
    [InlineData("""{"anchorDay":"1"}""", "/anchorDay wrong_type")]
    [InlineData("""{"period":"weekly","anchorDay":8}""", "/anchorDay anchor_day_out_of_range")]
    [InlineData("""{"graceDays":-1}""", "/graceDays out_of_range")]
    [InlineData("""{"graceDays":367}""", "/graceDays out_of_range")]
    [InlineData("""{"currency":"usd"}""", "/currency unknown_currency")]
    [InlineData("""{"timezone":"UTC"}""", "/timezone unknown_member")]
    [InlineData("""{"currency":"XYZ","anchorDay":99,"period":"daily"}""", "/currency unknown_currency, /period unknown_period, /anchorDay anchor_day_out_of_range")]
    public void Terms_that_break_a_rule_are_refused_by_name(string body, string errors)
    {
        var (terms, problem) = Read(body);

        terms.ShouldBeNull();
        problem!.Status.ShouldBe(422);
        string.Join(", ", problem.Errors!.Select(error => $"{error.At} {error.Code}")).ShouldBe(errors);
    }

    private static (ClientTerms? Terms, Problem? Problem) Read(string body) =>
        ClientTermsReader.Read(CommandBody.Parse(Encoding.UTF8.GetBytes(body)).Fields, "contoso");
}
