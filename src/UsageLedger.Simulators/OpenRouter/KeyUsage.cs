using NodaTime;
using NodaTime.Text;

namespace UsageLedger.Simulators.OpenRouter;

/// <summary>What a key used, of the current UTC day, week (from Monday), month, and in all.</summary>
internal sealed record KeyUsage(decimal All, decimal Day, decimal Week, decimal Month, decimal ByokAll, decimal ByokDay, decimal ByokWeek, decimal ByokMonth)
{
    public static KeyUsage Of(IReadOnlyList<Generation> made, LocalDate today)
    {
        var week = today.With(DateAdjusters.PreviousOrSame(IsoDayOfWeek.Monday));
        var month = today.With(DateAdjusters.StartOfMonth);
        decimal Sum(LocalDate since) => made.Where(one => one.EndedAt.InUtc().Date >= since).Sum(one => one.Cost);
        decimal Byok(LocalDate since) => made.Where(one => one.IsByok && one.EndedAt.InUtc().Date >= since).Sum(one => one.UpstreamCost);
        return new KeyUsage(
            Sum(LocalDate.MinIsoValue), Sum(today), Sum(week), Sum(month), Byok(LocalDate.MinIsoValue), Byok(today), Byok(week), Byok(month));
    }

    /// <summary>As <c>GET /key</c> tells a key of itself; null: the management key, which uses nothing.</summary>
    public object Own(OpenRouterKey? key, string managementLabel) => new
    {
        allowed_data_regions = new[] { "global" },
        byok_usage = ByokAll, byok_usage_daily = ByokDay, byok_usage_monthly = ByokMonth, byok_usage_weekly = ByokWeek,
        creator_user_id = (string?)null,
        expires_at = (string?)null,
        free_model_daily_requests = new { limit = 1_000, remaining = 1_000, used = 0 },
        include_byok_in_limit = false,
        is_free_tier = false,
        is_management_key = key is null,
        is_provisioning_key = key is null,
        label = key?.Label ?? managementLabel,
        limit = (decimal?)null,
        limit_remaining = (decimal?)null,
        limit_reset = (string?)null,
        organization_id = (string?)null,
        rate_limit = new { interval = "10s", note = "This field is deprecated and safe to ignore.", requests = -1 },
        usage = All, usage_daily = Day, usage_monthly = Month, usage_weekly = Week,
        workspace_id = OpenRouterWire.Workspace,
    };

    /// <summary>As <c>GET /keys</c> lists it.</summary>
    public object Listed(OpenRouterKey key) => new
    {
        byok_usage = ByokAll, byok_usage_daily = ByokDay, byok_usage_monthly = ByokMonth, byok_usage_weekly = ByokWeek,
        created_at = InstantPattern.ExtendedIso.Format(key.CreatedAt),
        creator_user_id = (string?)null,
        disabled = false,
        expires_at = (string?)null,
        external_user = (string?)null,
        hash = key.Hash,
        include_byok_in_limit = false,
        label = key.Label,
        limit = (decimal?)null,
        limit_remaining = (decimal?)null,
        limit_reset = (string?)null,
        name = key.Name,
        updated_at = (string?)null,
        usage = All, usage_daily = Day, usage_monthly = Month, usage_weekly = Week,
        workspace_id = OpenRouterWire.Workspace,
    };
}
