namespace UsageLedger.Collecting.Sources;

/// <summary>What the doors to sources take and answer, as the OpenAPI document shows it.</summary>
internal static class SourceExamples
{
    public const string Configuration = """
        {"provider":"retell","baseUrl":"https://api.retellai.com","schedule":"*/15 * * * *","lookBack":"P1D","settings":{}}
        """;

    public const string Source = """
        {"sourceId":"retell-main","provider":"retell","baseUrl":"https://api.retellai.com/","schedule":"*/15 * * * *","lookBack":"P1D",
        "settings":{},"hasCredentials":true,"position":7}
        """;

    public const string Sources = $$"""{"items":[{{Source}}],"nextCursor":null}""";

    public const string Validation = """{"valid":false,"problems":["The API key was refused."]}""";

    public const string Providers = """
        {"items":[{"name":"retell","metrics":[{"name":"retell.llm","unit":"second","description":"The language model's part of a call."}],
        "credentials":{"required":["apiKey"],"optional":[]},"settings":{"webhookUrl":"The URL that the vendor calls."},"webhooks":true}],"nextCursor":null}
        """;
}
