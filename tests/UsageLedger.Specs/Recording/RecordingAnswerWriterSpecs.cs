using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using UsageLedger.Recording;

namespace UsageLedger.Specs.Recording;

public sealed class RecordingAnswerWriterSpecs
{
    private static readonly UsageRecord Call = Bodies.Taken(Bodies.Call);
    private static readonly string Id = Call.Key(LogInMemory.Tenant).Id.ToString();

    private readonly LogInMemory _log = new();

    [Fact]
    public void An_answer_is_what_the_contract_says()
    {
        var answer = _log.Record(RecordingSpecs.New(Call), Bodies.Json($"[0,{Bodies.With("quantity", "-1")}]").Items[1]);

        RecordingAnswerWriter.ContentType(answer).ShouldBe("application/json");
        Written(answer).ShouldBe(
            $$"""
            {"accepted":1,"duplicates":0,"revised":0,"conflicts":0,"rejected":1,"position":1,"items":[{"index":0,"status":"accepted","eventId":"{{Id}}","position":1},{"index":1,"status":"rejected","code":"negative_quantity","message":"quantity must be zero or more; void or revise usage instead of taking it back.","errors":[{"pointer":"/1/quantity","message":"quantity must be zero or more; void or revise usage instead of taking it back.","code":"negative_quantity"}]}]}
            """);
    }

    [Fact]
    public void Only_problems_are_listed_on_wish_while_the_counts_are_of_all()
    {
        _log.Record(RecordingSpecs.New(Call));

        var answer = Json(_log.Record(RecordingSpecs.New(Call), RecordingSpecs.New(Call with { Quantity = 1 })), onlyProblems: true);

        answer["duplicates"]!.GetValue<int>().ShouldBe(1);
        answer["items"]!.AsArray().Count.ShouldBe(1);
        answer["items"]![0]!["index"]!.GetValue<int>().ShouldBe(1);
        answer["items"]![0]!["status"]!.GetValue<string>().ShouldBe("conflict");
        answer["items"]![0]!["eventId"]!.GetValue<string>().ShouldBe(Id);
        answer["items"]![0]!["code"]!.GetValue<string>().ShouldBe("key_reused");
    }

    [Fact]
    public void Nothing_recorded_is_a_problem_that_holds_the_answer()
    {
        var refused = _log.Record(Bodies.Json("{}").Items[0]);

        var answer = Json(refused);

        RecordingAnswerWriter.ContentType(refused).ShouldBe("application/problem+json");
        answer["status"]!.GetValue<int>().ShouldBe(422);
        answer["code"]!.GetValue<string>().ShouldBe("missing_member");
        answer["traceId"]!.GetValue<string>().ShouldBe("t-1");
        answer["errors"]!.AsArray().Select(error => error!["pointer"]!.GetValue<string>())
            .ShouldBe(["/idempotencyKey", "/provider", "/metric", "/unit", "/quantity", "/occurredAt"]);
        answer["rejected"]!.GetValue<int>().ShouldBe(1);
        answer["items"]![0]!["errors"]!.AsArray().Count.ShouldBe(6);
    }

    [Fact]
    public void A_lone_conflict_is_a_problem_too()
    {
        _log.Record(RecordingSpecs.New(Call));

        var answer = Json(_log.Record(RecordingSpecs.New(Call with { Quantity = 1 })));

        answer["status"]!.GetValue<int>().ShouldBe(409);
        answer["code"]!.GetValue<string>().ShouldBe("key_reused");
        answer["conflicts"]!.GetValue<int>().ShouldBe(1);
        answer["errors"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public void Items_refused_for_different_reasons_share_one_code_above() =>
        Json(_log.Record([.. Bodies.Json("[0,{}]").Items]))["code"]!.GetValue<string>().ShouldBe("records_refused");

    [Fact]
    public void Any_pointer_is_written_as_valid_JSON() =>
        Json(_log.Record(Bodies.Json("""{"a\"\u0000\\b":1}""").Items[0]))["errors"]![0]!["pointer"]!.GetValue<string>().ShouldBe("/a\"\0\\b");

    private static JsonNode Json(RecordingAnswer answer, bool onlyProblems = false) => JsonNode.Parse(Written(answer, onlyProblems))!;

    private static string Written(RecordingAnswer answer, bool onlyProblems = false)
    {
        var output = new ArrayBufferWriter<byte>();
        RecordingAnswerWriter.Write(answer, onlyProblems, "t-1", output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
