using Microsoft.AspNetCore.Http;

namespace UsageLedger.Answering;

/// <summary>
/// The bytes of bodies that one host holds at once, each from its receipt until its request is answered. What is read out of a body weighs
/// about five times as much, so this is what bounds a host's memory when more comes than the log takes.
/// </summary>
public sealed class BodyRoom
{
    /// <summary>With what is garbage for a while it becomes some 250 MB, and the host stays below half a GiB.</summary>
    public const long BytesMax = 24 * 1024 * 1024;

    internal static readonly Problem Full = new(
        StatusCodes.Status503ServiceUnavailable, "host_busy", "This host holds as many requests as it has room for; send it again.", RetryAfterSeconds: 1);

    private long taken;

    /// <summary>A place for one body, given back with the answer.</summary>
    internal Place Enter(HttpContext context)
    {
        var place = new Place(this);
        context.Response.RegisterForDispose(place);
        return place;
    }

    /// <summary>What one request holds of the room.</summary>
    internal sealed class Place(BodyRoom room) : IDisposable
    {
        private int held;

        /// <summary>False when there is no room for so many more bytes.</summary>
        public bool TryHold(int bytes)
        {
            held += bytes;
            return Interlocked.Add(ref room.taken, bytes) <= BytesMax;
        }

        public void Dispose()
        {
            Interlocked.Add(ref room.taken, -held);
            held = 0;
        }
    }
}
