using System.Globalization;
using System.Text;

namespace UsageLedger.Simulators.Retell;

/// <summary>A place in a list of calls, which stays one when calls come in before it.</summary>
internal sealed record RetellPlace(long StartMs, string CallId)
{
    public static RetellPlace Of(RetellCall call) => new(call.StartedAt.ToUnixTimeMilliseconds(), call.CallId);

    /// <summary>Opaque to clients.</summary>
    public string Key => Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{StartMs}/{CallId}")));

    /// <exception cref="FormatException">It is no key of ours.</exception>
    public static RetellPlace Open(string key)
    {
        var parts = Encoding.UTF8.GetString(Convert.FromBase64String(key)).Split('/', 2);
        return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            ? new RetellPlace(start, parts[1]) : throw new FormatException("pagination_key is none of ours");
    }

    /// <summary>Whether the call comes behind this place, in that order.</summary>
    public bool IsBefore(RetellCall call, bool isAscending)
    {
        var order = call.StartedAt.ToUnixTimeMilliseconds().CompareTo(StartMs) is var byTime and not 0 ? byTime : string.CompareOrdinal(call.CallId, CallId);
        return isAscending ? order > 0 : order < 0;
    }
}
