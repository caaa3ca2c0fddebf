namespace UsageLedger.Clients;

/// <summary>What the doors to clients take and answer, as the OpenAPI document shows it.</summary>
internal static class ClientExamples
{
    public const string Terms = """
        {"name":"Contoso","timeZone":"Europe/Berlin","period":"monthly","anchorDay":1,"graceDays":3,"currency":"USD"}
        """;

    public const string Client = """
        {"clientId":"contoso","name":"Contoso","timeZone":"Europe/Berlin","period":"monthly","anchorDay":1,"graceDays":3,"currency":"USD",
        "effectiveFrom":null,"registered":true,"position":7}
        """;

    public const string Clients = $$"""{"items":[{{Client}}],"nextCursor":null}""";
}
