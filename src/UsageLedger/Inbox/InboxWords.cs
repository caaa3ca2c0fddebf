namespace UsageLedger.Inbox;

/// <summary>What kinds of work there are.</summary>
public static class InboxKinds
{
    /// <summary>A delivery that a vendor signed, to be read and recorded.</summary>
    public const string Webhook = "webhook";

    /// <summary>A run over a source's window.</summary>
    public const string Collect = "collect";

    /// <summary>Vendor records to be asked for by name: a webhook only announced them, a run could not use them, they were overtaken, or a telephone leg came to light.</summary>
    public const string Fetch = "fetch";

    /// <summary>What a vendor adds up itself, to be asked for.</summary>
    public const string Totals = "totals";
}

/// <summary>Where an item stands.</summary>
public static class InboxStatuses
{
    public const string Queued = "queued";
    public const string Running = "running";

    /// <summary>To be tried again by itself.</summary>
    public const string Failed = "failed";

    /// <summary>Tried as often as may be; waits for an operator.</summary>
    public const string Dead = "dead";

    /// <summary>Cannot be made sense of; waits for an operator.</summary>
    public const string Quarantined = "quarantined";
    public const string Done = "done";

    public static readonly string[] All = [Queued, Running, Failed, Dead, Quarantined, Done];
}
