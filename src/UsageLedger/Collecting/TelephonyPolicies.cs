namespace UsageLedger.Collecting;

/// <summary>
/// Finds sources of one tenant whose policies on who charges a telephone leg contradict those of the other vendor's sources: each would charge it,
/// or each leave it to the other. Which of them tell of the same legs nobody knows, so one that agrees, or says nothing, is enough.
/// </summary>
internal static class TelephonyPolicies
{
    /// <summary>The ids of sources with which every source of the other vendor disagrees.</summary>
    public static IReadOnlyList<string> Contradicted(IEnumerable<Source> ofTenant)
    {
        var all = ofTenant.Where(source => source.Provider is Providers.Retell or Providers.Twilio)
            .Select(source => (source.Id, source.Provider, Says: TelephonyBilling.Of(source))).ToList();
        return
        [
            .. all.Where(one => one.Says != TelephonyBiller.Reporter && all.Exists(other => other.Provider != one.Provider)
                    && all.TrueForAll(other => other.Provider == one.Provider || (other.Says != TelephonyBiller.Reporter && other.Says != one.Says)))
                .Select(one => one.Id),
        ];
    }
}
