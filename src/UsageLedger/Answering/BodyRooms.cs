using Microsoft.AspNetCore.Http;
using UsageLedger.Access;

namespace UsageLedger.Answering;

/// <summary>A room for the bodies of those who have a key, and a small one for the others: no stranger takes the place of a caller, and no tenant all of it.</summary>
public sealed class BodyRooms
{
    /// <summary>With what is garbage for a while it becomes some 250 MB, and the host stays below half a GiB.</summary>
    public const long OfCallersBytesMax = 24 * 1024 * 1024;

    /// <summary>Room for one body of the greatest size, and never the whole room.</summary>
    public const long OfOneTenantBytesMax = 16 * 1024 * 1024;

    public const long OfStrangersBytesMax = 8 * 1024 * 1024;

    private readonly BodyRoom ofCallers = new(OfCallersBytesMax, OfOneTenantBytesMax);
    private readonly BodyRoom ofStrangers = new(OfStrangersBytesMax, OfStrangersBytesMax);

    /// <summary>What bodies take of both now.</summary>
    public long HeldBytes => ofCallers.HeldBytes + ofStrangers.HeldBytes;

    internal BodyRoom.Place Enter(HttpContext context) =>
        ApiCaller.Of(context) is { } caller ? ofCallers.Enter(context, caller.Tenant) : ofStrangers.Enter(context, "");
}
