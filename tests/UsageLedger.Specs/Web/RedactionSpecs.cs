using Serilog.Events;
using UsageLedger.Host.Logging;

namespace UsageLedger.Specs.Web;

public sealed class RedactionSpecs
{
    private const string Key = "ulk_Zm9vYmFyYmF6cXV4cXV1eGNvcmdlZ3JhdWx0Z2FycGx5";

    [Theory]
    [InlineData($"the key {Key} is", "Zm9v")]
    [InlineData("Authorization: Bearer abcdef0123456789", "abcdef")]
    [InlineData("Authorization: Basic dXNlcjpwYXNz", "dXNl")]
    [InlineData("""{"Authorization":"Digest topsecret"}""", "topsecret")]
    [InlineData("Host=db;Username=ledger;Password=hunter2;Database=x", "hunter2")]
    [InlineData("Host=db;Password=\"hunter2; with more\";Database=x", "hunter2")]
    [InlineData("Host=db;PWD='hunter2 too'", "hunter2")]
    [InlineData("""{"password":"hunter2","user":"x"}""", "hunter2")]
    [InlineData("""{"Sent":"{\"password\":\"hunter2\"}"}""", "hunter2")]
    [InlineData("postgres://ledger:hunter2@db:5432/ledger", "hunter2")]
    [InlineData("""{"webhookSecret":"hunter2"}""", "hunter2")]
    [InlineData("apiKey=key_0123456789", "key_0123")]
    [InlineData("sk-or-v1-0123456789abcdef0123456789abcdef", "0123456789abcdef")]
    [InlineData("called +4915112345678 twice", "4915112345678")]
    [InlineData("called +49 151 1234-5678 twice", "1234")]
    [InlineData("called +1 (415) 555-2671 twice", "555")]
    [InlineData("GET /v1/mappings/number:%2B14155552671", "4155552671")]
    [InlineData("mail to jane.doe+x@mail.example.com now", "jane")]
    public void What_is_private_is_masked(string line, string hidden)
    {
        var shown = Redaction.Apply(line);

        shown.ShouldNotContain(hidden);
        shown.ShouldContain("***");
    }

    [Theory]
    [InlineData("2026-11-21T05:26:28.9810000+11:00 Information")]
    [InlineData("Appended 100000 events at position 1234567890 in 12 ms")]
    [InlineData("cost 1.5E+12 of 12345678")]
    [InlineData("5b0c8c9e-6c36-8d0f-9a27-0f7f5b1d2c3e")]
    [InlineData("""{"passwordless":true,"secrets":3}""")]
    [InlineData("http://127.0.0.1:5080/v1/usage")]
    [InlineData("The key lacks the scope audit")]
    public void What_is_not_stays(string line) => Redaction.Apply(line).ShouldBe(line);

    [Fact]
    public void A_line_of_many_pages_is_checked_in_time() =>
        Redaction.Apply(string.Concat(Enumerable.Repeat("a.b-c+1 (2) 3:password ", 20_000))).ShouldStartWith("a.b-c");

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public void Message_properties_and_exceptions_are_masked(string format)
    {
        using var output = new StringWriter();
        using (var log = LedgerLogging.Create(format, LogEventLevel.Information, output))
        {
            log.ForContext("Sent", new { password = "hunter2", list = new[] { Key } }, destructureObjects: true)
                .Error(new InvalidOperationException("for jane@example.com", new InvalidOperationException("Password=hunter2")), "Call from {Number}", "+4915112345678");
        }

        var line = output.ToString();
        line.ShouldContain("Call from");
        foreach (var hidden in (string[])["hunter2", "Zm9v", "jane", "4915112345678"])
            line.ShouldNotContain(hidden);
    }
}
