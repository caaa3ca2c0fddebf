using System.Globalization;
using System.Text;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;

namespace UsageLedger.IntegrationSpecs.EventLog;

/// <summary>Small requests; what they append says nothing but its key.</summary>
internal static class Appends
{
    public const string Tenant = "acme";

    public static Guid Id(string key, string tenant = Tenant) => DeterministicId.Of("spec", tenant, key);

    public static NewEvent Event(string key, string stream = "s", string type = "usage_recorded", string? about = null, string tenant = Tenant) =>
        new(Id(key, tenant), stream, type, Json($$"""{"key":"{{key}}"}"""), about is null ? null : Id(about, tenant));

    public static AppendItem Item(string key, string stream = "s", string type = "usage_recorded", string tenant = Tenant) =>
        new(Id(key, tenant), Event(key, stream, type, tenant: tenant));

    /// <summary>If the key is known, an event about it.</summary>
    public static AppendItem About(string key, Func<KnownEvent, Decision> decide, NewEvent? whenNew = null) => new(Id(key), whenNew, decide);

    public static AppendRequest Of(params AppendItem[] items) => new(Tenant, "spec", items);

    public static AppendRequest Many(string prefix, int count, string stream = "s", int from = 0) =>
        Of([.. Enumerable.Range(from, count).Select(i => Item(string.Create(CultureInfo.InvariantCulture, $"{prefix}{i}"), stream))]);

    public static CanonicalJson Json(string canonical) => new(Encoding.UTF8.GetBytes(canonical));

    public static IEnumerable<string> Verdicts(this AppendOutcome outcome) => outcome.Items.Select(item => item.Verdict);

    public static IEnumerable<long> Positions(this AppendOutcome outcome) => outcome.Items.Select(item => item.Position);
}
