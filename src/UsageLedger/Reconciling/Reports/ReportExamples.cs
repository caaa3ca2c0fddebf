namespace UsageLedger.Reconciling.Reports;

/// <summary>What the doors to reconciliations take and answer, as the OpenAPI document shows it.</summary>
internal static class ReportExamples
{
    public const string InvoiceId = "5b4a9d0e-6f0c-8c1a-9a51-3b6f2c7d8e90";

    public const string Asked = $$"""{"tolerance":{"absolute":"0.01","percent":"0"},"invoiceId":"{{InvoiceId}}"}""";

    public const string Note = """{"note":"Checked against the bank statement."}""";

    public const string Report = $$"""
        {"id":"{{Id}}","invoiceId":"{{InvoiceId}}","invoiceNumber":"INV-2026-10","invoiceRevision":1,"provider":"retell","sourceId":"retell-main",
        "period":{"start":"2026-10-01T00:00:00Z","end":"2026-11-01T00:00:00Z","timeZone":"UTC"},"currency":"USD","tolerance":{"absolute":"0.01","percent":"0"},"rule":2,
        "position":1042,"treeSize":1042,{{Hashes}},"madeAt":"2026-11-02T09:31:00Z","counts":{{Counts}},
        "totals":{"ledger":"5.4","provider":"5.9","difference":"0.5","stated":"5.9","statedDifference":"0"},"findings":[],"signOff":null,"moreLines":0,"lines":[{{Line}}]}
        """;

    public const string Reports = $$"""
        {"items":[{"id":"{{Id}}","invoiceId":"{{InvoiceId}}","invoiceNumber":"INV-2026-10","invoiceRevision":1,"provider":"retell","sourceId":"retell-main",
        "periodStart":"2026-10-01T00:00:00Z","periodEnd":"2026-11-01T00:00:00Z","currency":"USD","position":1042,"counts":{{Counts}},
        "ledgerCost":"5.4","providerCost":"5.9","difference":"0.5","madeAt":"2026-11-02T09:31:00Z","signedOffAt":null,"signedOffBy":null}],"nextCursor":null}
        """;

    public const string SignedOff = $$"""
        {"id":"{{Id}}","invoiceId":"{{InvoiceId}}","signOff":{"note":"Checked against the bank statement.","keyId":"0b8a9d0e-6f0c-4c1a-9a51-3b6f2c7d8e90",
        "keyName":"finance","at":"2026-11-03T10:00:00Z"},"position":1042,"treeSize":1042,{{Hashes}}}
        """;

    public const string Lines = $$"""{"items":[{{Line}}],"nextCursor":null}""";

    public const string Events = """
        {"items":[{"position":17,"id":"0192b1a0-6e2c-8f4d-9a51-3b6f2c7d8e90","type":"usage_recorded","source":"retell-main","idempotencyKey":"call:c1:llm",
        "metric":"call.llm","resourceId":"agent_7f3a","occurredAt":"2026-10-05T11:58:00Z","quantity":"60","cost":"0.06","records":1}],"nextCursor":null}
        """;

    public const string Csv = """
        line,invoiceLine,metric,resourceId,date,unit,periodStart,periodEnd,status,ledgerQuantity,ledgerCost
        1,1,call.llm,,2026-10-05,second,2026-10-05T00:00:00Z,2026-10-06T00:00:00Z,price_differs,5400,5.4
        """;

    public const string Page = "<!doctype html><html lang=\"en\"><head><title>Reconciliation of INV-2026-10</title></head><body>...</body></html>";

    private const string Id = "7c1f9d0e-6f0c-8c1a-9a51-3b6f2c7d8e90";

    private const string Counts = """
        {"matched":0,"missingInLedger":0,"missingAtProvider":0,"quantityDiffers":0,"priceDiffers":1,"periodDiffers":0}
        """;

    private const string Hashes = """
        "rootHash":"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d","reportHash":"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
        """;

    private const string Line = $$"""
        {"line":1,"invoiceLine":"1","metric":"call.llm","resourceId":null,"date":"2026-10-05","unit":"second",
        "period":{"start":"2026-10-05T00:00:00Z","end":"2026-10-06T00:00:00Z"},"status":"price_differs",
        "ledger":{"quantity":"5400","cost":"5.4","records":90,"pending":0},"provider":{"quantity":"5400","cost":"5.9"},"difference":"0.5",
        "explanation":"Both count 5400 second; the vendor charges 5.9 USD, the ledger holds 5.4.","found":null,"shared":null,
        "eventsUrl":"/v1/reconciliations/{{Id}}/lines/1/events"}
        """;
}
