namespace UsageLedger.Collecting.OpenRouter;

/// <summary>How OpenRouter is asked.</summary>
internal static class OpenRouterRequests
{
    private const string Api = "/api/v1";

    /// <summary>The source's address may end with the API's path, as OpenRouter's documents write it, or before it.</summary>
    public static HttpRequestMessage Get(Source source, string path, string key)
    {
        var below = source.BaseUrl.AbsolutePath.TrimEnd('/').EndsWith(Api, StringComparison.Ordinal) ? path : Api[1..] + "/" + path;
        return new HttpRequestMessage(HttpMethod.Get, source.Below(below)).Bearer(key);
    }
}
