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

    private readonly Lock turn = new();
    private readonly Dictionary<string, long> takenBy = new(StringComparer.Ordinal);
    private long taken;

    public long HeldBytes => Interlocked.Read(ref taken);

    /// <summary>A place for the request's body, given back with the answer; the same for whoever reads the body again.</summary>
    internal Place Enter(HttpContext context, params BodyShare[] shares)
    {
        if (context.Items.TryGetValue(typeof(Place), out var entered))
        {
            return (Place)entered!;
        }

        var place = new Place(this, shares);
        context.Items[typeof(Place)] = place;
        context.Response.RegisterForDispose(place);
        return place;
    }

    /// <summary>What finds no room takes none: a crowd that is turned away does not stand in the way of those who were let in.</summary>
    private bool TryTake(BodyShare[] shares, long bytes)
    {
        lock (turn)
        {
            if (bytes > 0 && (taken + bytes > bytesMax || shares.Any(share => takenBy.GetValueOrDefault(share.Of) + bytes > share.BytesMax)))
            {
                return false;
            }

            taken += bytes;
            foreach (var share in shares)
            {
                var own = takenBy.GetValueOrDefault(share.Of) + bytes;
                takenBy[share.Of] = own;
                if (own == 0)
                {
                    takenBy.Remove(share.Of);
                }
            }

            return true;
        }
    }

    /// <summary>What one request holds of the room.</summary>
    internal sealed class Place(BodyRoom room, BodyShare[] shares) : IDisposable
    {
        private int held;

        /// <summary>False when there is no room for a body of so many bytes.</summary>
        public bool TryHold(int length)
        {
            var more = Math.Max(0, length - held);
            if (!room.TryTake(shares, more))
            {
                return false;
            }

            held += more;
            return true;
        }

        public void Dispose()
        {
            room.TryTake(shares, -held);
            held = 0;
        }
    }
}
