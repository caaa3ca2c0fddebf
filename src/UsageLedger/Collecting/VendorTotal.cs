using NodaTime;

namespace UsageLedger.Collecting;

/// <summary>What a vendor adds up itself: to check the records against, never a charge.</summary>
/// <param name="From">First UTC day.</param>
/// <param name="To">Last UTC day, within.</param>
/// <param name="Category">In the vendor's words; categories of Twilio nest, and are never to be summed across levels.</param>
/// <param name="Unit">Null: the vendor names none.</param>
/// <param name="Cost">What the vendor charges; null: it does not say.</param>
public sealed record VendorTotal(LocalDate From, LocalDate To, string Category, decimal? Quantity, string? Unit, decimal? Cost, string Currency);
