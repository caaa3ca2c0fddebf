using System.Collections.Frozen;

namespace UsageLedger.Recording;

/// <summary>What stands where a record is silent.</summary>
public sealed record UsageDefaults
{
    /// <summary>Those of <c>POST /v1/usage</c>.</summary>
    public static readonly UsageDefaults Api = new();

    public string Source { get; init; } = "api";

    /// <summary>A record that names another source is refused.</summary>
    public bool SourceIsFixed { get; init; }

    public string? ClientId { get; init; }

    public string? Provider { get; init; }

    public string? Unit { get; init; }

    public decimal? Quantity { get; init; }

    /// <summary>By metric, for records with neither cost nor unit cost; in the record's currency.</summary>
    public IReadOnlyDictionary<string, decimal> UnitCosts { get; init; } = FrozenDictionary<string, decimal>.Empty;

    /// <summary>The instant of receipt stands for a time that is not given.</summary>
    public bool AssumeReceipt { get; init; }

    /// <summary>Every record may revise what is known under its key.</summary>
    public bool Revision { get; init; }
}
