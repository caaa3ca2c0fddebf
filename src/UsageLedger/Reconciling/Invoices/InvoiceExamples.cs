namespace UsageLedger.Reconciling.Invoices;

/// <summary>What the doors to invoices take and answer, as the OpenAPI document shows it.</summary>
internal static class InvoiceExamples
{
    public const string Invoice = """
        {"provider":"retell","sourceId":"retell-main","number":"INV-2026-10","periodStart":"2026-10-01","periodEnd":"2026-11-01","timeZone":"UTC","currency":"USD",
        "lines":[{"id":"1","metric":"call.llm","date":"2026-10-05","quantity":"5400","amount":"5.40"},
        {"id":"2","metric":"call.voice","resourceId":"agent_7f3a","quantity":"5400","amount":"8.10"}],"total":"13.50"}
        """;

    public const string Csv = """
        id,metric,date,quantity,amount,provider,number,periodStart,periodEnd,total
        1,call.llm,2026-10-05,5400,5.40,retell,INV-2026-10,2026-10-01,2026-11-01,5.40
        """;

    public const string Accepted = """
        {"invoiceId":"5b4a9d0e-6f0c-8c1a-9a51-3b6f2c7d8e90","status":"accepted","revision":1,"number":"INV-2026-10","provider":"retell","sourceId":"retell-main",
        "currency":"USD","lineCount":2,"amount":"13.5","total":"13.5","position":1042}
        """;

    public const string Duplicate = """
        {"invoiceId":"5b4a9d0e-6f0c-8c1a-9a51-3b6f2c7d8e90","status":"duplicate","revision":1,"number":"INV-2026-10","provider":"retell","sourceId":null,
        "currency":"USD","lineCount":1,"amount":"5.4","total":"5.4","position":1042}
        """;

    public const string Invoices = $$"""{"items":[{{{Summary}}}],"nextCursor":null}""";

    public const string Whole = $$"""
        {{{Summary}},"lines":[{"id":"1","metric":"call.llm","resourceId":null,"date":"2026-10-05","unit":null,"quantity":"5400","amount":"5.4"}],"nextCursor":null}
        """;

    private const string Summary = """
        "invoiceId":"5b4a9d0e-6f0c-8c1a-9a51-3b6f2c7d8e90","provider":"retell","sourceId":"retell-main","number":"INV-2026-10","revision":1,
        "periodStart":"2026-10-01T00:00:00Z","periodEnd":"2026-11-01T00:00:00Z","timeZone":"UTC","currency":"USD","lineCount":2,"amount":"13.5","total":"13.5",
        "origin":"posted","receivedAt":"2026-11-02T09:30:00Z"
        """;
}
