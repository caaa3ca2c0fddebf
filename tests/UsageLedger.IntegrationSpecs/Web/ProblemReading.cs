using System.Net;
using System.Text.Json;

namespace UsageLedger.IntegrationSpecs.Web;

internal static class ProblemReading
{
    /// <summary>The code of a problem that is whole: its type, status and traceId are as promised.</summary>
    public static async Task<string> ShouldBeProblemAsync(this HttpResponseMessage response, HttpStatusCode status)
    {
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(status, text);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        using var json = JsonDocument.Parse(text);
        json.RootElement.GetProperty("status").GetInt32().ShouldBe((int)status);
        json.RootElement.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        json.RootElement.GetProperty("traceId").GetString().ShouldNotBeNullOrEmpty();
        json.RootElement.GetProperty("errors").ValueKind.ShouldBe(JsonValueKind.Array);
        return json.RootElement.GetProperty("code").GetString()!;
    }
}
