using UsageLedger.Collecting.Runs;

namespace UsageLedger.Collecting.Sources;

/// <summary>Asks a source's vendor whether its credentials are good.</summary>
public sealed record ValidateSource(Source Source, string CorrelationId);

/// <param name="Problems">In words for an operator; none when it is valid.</param>
public sealed record SourceValidation(bool Valid, IReadOnlyList<string> Problems)
{
    internal static SourceValidation Of(params IReadOnlyList<string> problems) => new(problems.Count == 0, problems);
}

/// <summary>Handles <see cref="ValidateSource"/>.</summary>
internal static class ValidateSourceHandler
{
    public static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(30);

    private const string Purpose = "validation";

    public static async Task<SourceValidation> Handle(ValidateSource command, VendorAccounts accounts, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeMax);
        try
        {
            var opened = await accounts.OpenAsync(command.Source, Purpose, command.CorrelationId, limit.Token);
            return SourceValidation.Of(await opened.Collector.ValidateAsync(opened.Account, limit.Token));
        }
        catch (VendorException failure)
        {
            return SourceValidation.Of(failure.Message);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return SourceValidation.Of($"The vendor did not answer within {TimeMax.TotalSeconds:0} seconds.");
        }
    }
}
