namespace UsageLedger.Auditing;

/// <summary>What auditors are answered, for the OpenAPI document.</summary>
internal static class AuditingExamples
{
    private const string Recorded = """
        {"position":1,"id":"0192b1a0-6e2c-8f4d-9a51-3b6f2c7d8e90","stream":"client-contoso","version":1,"type":"usage_recorded",
         "timestamp":"2026-10-05T12:00:00.25Z","correlationId":"order:7",
         "data":{"clientId":"contoso","currency":"USD","idempotencyKey":"call-1","metric":"call.seconds","occurredAt":"2026-10-05T11:58:00Z",
                 "provider":"retell","quantity":"61.5","source":"retell","unit":"second"}}
        """;

    public const string Events = $$"""{"events":[{{Recorded}}],"nextCursor":null}""";

    public const string History = $$"""{"event":{{Recorded}},"revisions":[]}""";

    public const string Proof = """
        {"leafIndex":0,"treeSize":1,"entry":"eyJjb3JyZWxhdGlvbklkIjoi...","leafHash":"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
         "path":[],"rootHash":"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
         "checkpoint":"usageledger\n1\nbjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\n\n\u2014 usageledger q83vAT...\n"}
        """;

    public const string Consistency = """
        {"from":1,"to":2,"path":["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"],
         "fromRoot":"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
         "toRoot":"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"}
        """;

    public const string Checkpoint = "usageledger\n1\nbjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\n\n\u2014 usageledger q83vAT...\n";

    public const string PublicKey = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE...\n-----END PUBLIC KEY-----\n";
}
