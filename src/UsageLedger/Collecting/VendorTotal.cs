using NodaTime;

namespace UsageLedger.Collecting;

/// <summary>What a vendor adds up itself: to check the records against, never a charge.</summary>
/// <param name="From">First UTC day.</param>
/// <param name="To">Last UTC day, within.</param>
/// <param name="Category">In the vendor's words; categories of Twilio nest, and are never to be summed across levels.</param>
/// <param name="Unit">Null: the vendor names none.</param>
/// <param name="Cost">What the vendor charges; null: it does not say.</param>
public sealed record VendorTotal(LocalDate From, LocalDate To, string Category, decimal? Quantity, string? Unit, decimal? Cost, string Currency)
{
    /// <summary>How many vendor records it is the sum of; null: the vendor does not say.</summary>
    public long? Records { get; init; }

    /// <summary>Our metric whose records it counts, or some with + between; null: it says nothing that can be held against ours.</summary>
    public string? Metric { get; init; }

    /// <summary>The start of the hour that alone it is of; null: of whole days.</summary>
    public Instant? At { get; init; }
}
