namespace UsageLedger.Access;

/// <summary>What a key may be used for.</summary>
public enum Scope
{
    /// <summary>Record, revise and void usage.</summary>
    Ingest,

    /// <summary>Read what the ledger derives: cycles, usage, clients, mappings, sources.</summary>
    Query,

    /// <summary>Run collections and work on the inbox.</summary>
    Collect,

    /// <summary>Read the log itself and its proofs.</summary>
    Audit,

    /// <summary>Configure, close and sign off; holds all other scopes.</summary>
    Admin
}
