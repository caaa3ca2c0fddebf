using Microsoft.AspNetCore.Http;

namespace UsageLedger.Answering;

/// <summary>
/// The bytes of bodies that one host holds at once, each from its receipt until its request is answered. What is read out of a body weighs
/// about five times as much, so this is what bounds a host's memory when more comes than the log takes.
/// </summary>
public sealed class BodyRoom(long bytesMax)
{
    internal static readonly Problem Full = new(
        StatusCodes.Status503ServiceUnavailable, "host_busy", "This host holds as many requests as it has room for; send it again.", RetryAfterSeconds: 1);

    private readonly long bytesMax = bytesMax;
    private long taken;

    /// <summary>A place for the request's body, given back with the answer; the same for whoever reads the body again.</summary>
    internal Place Enter(HttpContext context)
    {
        if (context.Items.TryGetValue(typeof(Place), out var entered))
        {
            return (Place)entered!;
        }

        var place = new Place(this);
        context.Items[typeof(Place)] = place;
        context.Response.RegisterForDispose(place);
        return place;
    }

    /// <summary>What one request holds of the room.</summary>
    internal sealed class Place(BodyRoom room) : IDisposable
    {
        private int held;

        /// <summary>False when there is no room for a body of so many bytes.</summary>
        public bool TryHold(int length)
        {
            var more = Math.Max(0, length - held);
            held += more;
            return Interlocked.Add(ref room.taken, more) <= room.bytesMax;
        }

        public void Dispose()
        {
            Interlocked.Add(ref room.taken, -held);
            held = 0;
        }
    }
}
