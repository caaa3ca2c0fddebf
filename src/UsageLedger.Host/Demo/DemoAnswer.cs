using System.Net;
using System.Text.Json;
using UsageLedger.Answering;

namespace UsageLedger.Host.Demo;

/// <summary>What the server answered.</summary>
/// <param name="Request">Method and path, to be told when the answer is not the one hoped for.</param>
internal sealed record DemoAnswer(string Request, HttpStatusCode Status, string Text)
{
    private JsonElement? json;

    public int Code => (int)Status;

    public JsonElement Json => json ??= JsonElement.Parse(Text);

    /// <summary>The same answer, if its status is among those.</summary>
    public DemoAnswer Expect(params ReadOnlySpan<HttpStatusCode> statuses) => statuses.Contains(Status)
        ? this
        : throw new DemoFailedException($"{Request} answered {Code}: {Text}");

    public T Read<T>() => JsonSerializer.Deserialize<T>(Expect(HttpStatusCode.OK, HttpStatusCode.Created).Text, LedgerJson.Options)!;

    public int Count(string member) => Json.GetProperty(member).GetInt32();

    public long Position => Json.GetProperty("position").GetInt64();
}
