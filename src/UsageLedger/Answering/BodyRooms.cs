using Microsoft.AspNetCore.Http;
using UsageLedger.Access;

namespace UsageLedger.Answering;

/// <summary>A room for the bodies of those who have a key, and a small one for the others: no stranger takes the place of a caller, and nobody all of it.</summary>
public sealed class BodyRooms
{
    /// <summary>With what is garbage for a while it becomes some 250 MB, and the host stays below half a GiB.</summary>
    public const long OfCallersBytesMax = 24 * 1024 * 1024;

    /// <summary>Room for one body of the greatest size, and never the whole room: bodies of others, up to a third of it, always find some.</summary>
    public const long OfOneTenantBytesMax = 16 * 1024 * 1024;

    /// <summary>What a webhook brings is kept as it came, and weighs no more than itself.</summary>
    public const long OfStrangersBytesMax = 16 * 1024 * 1024;

    /// <summary>Room for one body of the greatest size that a vendor sends.</summary>
    public const long OfOneStrangerBytesMax = 4 * 1024 * 1024 + 64 * 1024;

    /// <summary>What webhooks to all sources of one tenant hold: who knows the addresses of many leaves room to other tenants.</summary>
    public const long OfStrangersToOneTenantBytesMax = OfStrangersBytesMax / 2;

    private readonly BodyRoom ofCallers = new(OfCallersBytesMax);
    private readonly BodyRoom ofStrangers = new(OfStrangersBytesMax);

    /// <summary>What bodies take of both now.</summary>
    public long HeldBytes => ofCallers.HeldBytes + ofStrangers.HeldBytes;

    /// <summary>For a webhook's body, which needs no key: those to one source never take the room of others, nor those to one tenant's.</summary>
    internal BodyRoom.Place EnterStranger(HttpContext context, string tenant, string source) => ofStrangers.Enter(
        context, new BodyShare($"{tenant}/{source}", OfOneStrangerBytesMax), new BodyShare(tenant, OfStrangersToOneTenantBytesMax));

    internal BodyRoom.Place Enter(HttpContext context) => ApiCaller.Of(context) is { } caller
        ? ofCallers.Enter(context, new BodyShare(caller.Tenant, OfOneTenantBytesMax))
        : ofStrangers.Enter(context, new BodyShare("", OfOneStrangerBytesMax));
}
