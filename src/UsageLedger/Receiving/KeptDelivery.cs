using System.Buffers.Binary;
using System.Text.Json;

namespace UsageLedger.Receiving;

/// <summary>A delivery as the inbox keeps it, sealed: its URL, the headers that say how to read it, and the raw bytes.</summary>
internal static class KeptDelivery
{
    /// <summary>None that proves who sent it: that was judged at the door, and is nobody's business afterwards.</summary>
    private static readonly string[] Kept = ["content-type", "content-encoding"];

    public static byte[] Write(WebhookDelivery delivery)
    {
        var head = JsonSerializer.SerializeToUtf8Bytes(new Head(
            delivery.Url, Kept.Where(delivery.Headers.ContainsKey).ToDictionary(name => name, name => delivery.Headers[name])));
        var bytes = new byte[sizeof(int) + head.Length + delivery.Body.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, head.Length);
        head.CopyTo(bytes, sizeof(int));
        delivery.Body.CopyTo(bytes.AsMemory(sizeof(int) + head.Length));
        return bytes;
    }

    public static WebhookDelivery Read(ReadOnlyMemory<byte> bytes)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes.Span);
        var head = JsonSerializer.Deserialize<Head>(bytes.Span.Slice(sizeof(int), length))!;
        return new WebhookDelivery(head.Url, head.Headers, bytes[(sizeof(int) + length)..]);
    }

    private sealed record Head(string Url, Dictionary<string, string> Headers);
}
