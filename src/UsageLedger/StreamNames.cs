namespace UsageLedger;

/// <summary>The names of the streams.</summary>
public static class StreamNames
{
    /// <summary>The usage of a client.</summary>
    public static string OfClient(string clientId) => "client-" + clientId;

    /// <summary>The usage that no client has claimed yet.</summary>
    public static string Unattributed(string source) => "unattributed-" + source;

    /// <summary>What is agreed with a client: its calendar, and the cycles closed under it.</summary>
    public static string OfRegistration(string clientId) => "registration-" + clientId;
}
