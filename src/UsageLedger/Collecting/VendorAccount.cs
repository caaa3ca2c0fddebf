using UsageLedger.Attributing;

namespace UsageLedger.Collecting;

/// <summary>What a collector works with: the source, its credentials, and the way to the vendor.</summary>
/// <param name="Credentials">Newest first; during a rotation's grace the one before it too.</param>
/// <param name="Numbers">Turns a phone number into the hash under which alone it may be kept.</param>
/// <param name="Captured">For a collector that books what its vendor's totals have beyond it; null: nobody knows, so none is booked.</param>
public sealed record VendorAccount(
    Source Source, IReadOnlyList<Credential> Credentials, VendorHttp Http, NumberHash Numbers, CapturedSums? Captured = null);
