using NodaTime;

namespace UsageLedger.Collecting.OpenRouter;

/// <summary>OpenRouter's own sums by day, model and endpoint, of the last thirty whole UTC days.</summary>
public static class OpenRouterActivity
{
    /// <param name="keyHash">Of one API key alone; null: of all. Rows do not name their keys.</param>
    /// <exception cref="VendorException">OpenRouter cannot be reached, refuses, or answers what cannot be read.</exception>
    public static async Task<IReadOnlyList<VendorTotal>> ReadAsync(VendorAccount account, LocalDate day, string? keyHash, CancellationToken ct) =>
        [.. (await ActivityRows.ReadAsync(account, day, keyHash, ct)).Rows.Where(row => row.Day == day).Select(row => row.Total)];
}
