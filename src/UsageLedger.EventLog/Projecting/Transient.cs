namespace UsageLedger.EventLog.Projecting;

/// <summary>Failures that say nothing about the events: the connection, the server, its resources, or our own stopping.</summary>
internal static class Transient
{
    public static bool Is(Exception failure) => failure is OperationCanceledException or IOException or TimeoutException || DatabaseFailure.IsAway(failure);
}
