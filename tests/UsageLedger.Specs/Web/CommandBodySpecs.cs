using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using NodaTime;
using UsageLedger.Answering;
using UsageLedger.Recording;

namespace UsageLedger.Specs.Web;

public sealed class CommandBodySpecs
{
    [Fact]
    public void Members_are_read_by_name_and_rule()
    {
        var fields = Read("""
            {"name":"Contoso","graceDays":3,"amount":"1.50","rate":1e-6,"force":true,"from":"2026-10-01T02:00:00+02:00",
             "settings":{"a":"1"},"lines":[{"id":"x"},{"id":"y"}],"note":null}
            """);

        fields.RequiredText("name").ShouldBe("Contoso");
        fields.Whole("graceDays", 0, 31).ShouldBe(3);
        fields.RequiredNumber("amount").ShouldBe(1.5m);
        fields.Number("rate").ShouldBe(0.000001m);
        fields.Flag("force").ShouldBe(true);
        fields.Instant("from").ShouldBe(Instant.FromUtc(2026, 10, 1, 0, 0));
        fields.Texts("settings", 10, 100).ShouldBe(new Dictionary<string, string> { ["a"] = "1" });
        fields.Children("lines", 10).Select(line => line.RequiredId("id")).ShouldBe(["x", "y"]);
        fields.Text("note").ShouldBeNull();
        fields.Problem().ShouldBeNull();
    }

    [Fact]
    public void Every_broken_rule_is_told_with_its_pointer()
    {
        var fields = Read("""{"period":"yearly","anchorDay":32,"amount":"x","from":"2026-10-01","settings":{"a":1},"lines":[{"id":"a/b"}]}""");

        fields.RequiredText("name");
        fields.OneOf("period", "monthly", "weekly");
        fields.Whole("anchorDay", 1, 31);
        fields.Number("amount");
        fields.Instant("from");
        fields.Texts("settings", 10, 100);
        fields.Children("lines", 10)[0].Id("id");

        var problem = fields.Problem()!;
        problem.Status.ShouldBe(422);
        problem.Errors!.Select(error => (error.At, error.Code)).ShouldBe(
        [
            ("/name", "missing_member"), ("/period", "unknown_word"), ("/anchorDay", "out_of_range"), ("/amount", "not_a_number"),
            ("/from", "not_an_instant"), ("/settings/a", "wrong_type"), ("/lines/0/id", "invalid_character")
        ]);
    }

    [Fact]
    public async Task A_thousand_places_are_named_and_no_more_whoever_notes_them()
    {
        var fields = Read("{" + string.Join(',', Enumerable.Range(0, 1_500).Select(i => $"\"unknown{i}\":1")) + "}");
        for (var i = 0; i < 1_500; i++)
        {
            fields.Refuse("name", "broken", "breaks a rule");
        }

        fields.Problem()!.Errors!.Count.ShouldBe(1_000);
        Read("{" + string.Join(',', Enumerable.Range(0, 1_500).Select(i => $"\"unknown{i}\":1")) + "}").Problem()!.Errors!.Count.ShouldBe(1_000);
        var context = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        await Problem.Refused([.. Enumerable.Range(0, 1_500).Select(i => new FieldProblem($"/{i}", "broken", "It breaks a rule."))]).ExecuteAsync(context);
        context.Response.Body.Position = 0;
        (await JsonDocument.ParseAsync(context.Response.Body)).RootElement.GetProperty("errors").GetArrayLength().ShouldBe(1_000);
    }

    [Fact]
    public void What_nobody_asked_for_is_refused_wherever_it_stands()
    {
        var fields = Read("""{"Name":"x","lines":[{"id":"1","a/b":2}]}""");

        fields.Text("name");
        fields.Children("lines", 10)[0].Id("id");

        var problem = fields.Problem()!;
        problem.Code.ShouldBe("unknown_member");
        problem.Errors!.Select(error => error.At).ShouldBe(["/Name", "/lines/0/a~1b"]);
        problem.Errors![0].Message.ShouldContain("send name");
    }

    [Theory]
    [InlineData("", "empty_body")]
    [InlineData("{", "invalid_json")]
    [InlineData("{} {}", "invalid_json")]
    [InlineData("[]", "not_an_object")]
    [InlineData("null", "not_an_object")]
    [InlineData("""{"a":1,"a":1}""", "duplicate_name")]
    [InlineData("""{"a":[{"b":1,"b":1}]}""", "duplicate_name")]
    [InlineData("""{"a":"\ud800"}""", "invalid_unicode")]
    public void What_cannot_be_understood_is_a_bad_request(string body, string code)
    {
        var problem = CommandBody.Parse(Encoding.UTF8.GetBytes(body)).Problem!;

        problem.Status.ShouldBe(400);
        problem.Code.ShouldBe(code);
    }

    private static CommandFields Read(string body)
    {
        var read = CommandBody.Parse(Encoding.UTF8.GetBytes(body));
        read.Problem.ShouldBeNull();
        return read.Fields;
    }
}
