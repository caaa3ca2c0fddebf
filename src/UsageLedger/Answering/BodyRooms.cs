using Microsoft.AspNetCore.Http;
using UsageLedger.Access;

namespace UsageLedger.Answering;

/// <summary>A room for the bodies of those who have a key, and a small one for the others: no stranger takes the place of a caller.</summary>
public sealed class BodyRooms
{
    /// <summary>With what is garbage for a while it becomes some 250 MB, and the host stays below half a GiB.</summary>
    public const long OfCallersBytesMax = 24 * 1024 * 1024;

    public const long OfStrangersBytesMax = 8 * 1024 * 1024;

    private readonly BodyRoom ofCallers = new(OfCallersBytesMax);
    private readonly BodyRoom ofStrangers = new(OfStrangersBytesMax);

    internal BodyRoom.Place Enter(HttpContext context) => (ApiCaller.Of(context) is null ? ofStrangers : ofCallers).Enter(context);
}
