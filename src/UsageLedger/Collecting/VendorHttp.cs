namespace UsageLedger.Collecting;

/// <summary>The way to one source's vendor: bounded, retried and limited; its answers are read whole and no larger than allowed.</summary>
public sealed class VendorHttp(HttpClient http)
{
    /// <summary>Sends a request that may be repeated, made anew for every try.</summary>
    /// <exception cref="VendorException">The vendor cannot be reached, refuses, or answers too much.</exception>
    public async Task<VendorAnswer> SendAsync(Func<HttpRequestMessage> request, CancellationToken ct)
    {
        using var message = request();
        using var answer = await http.SendAsync(message, ct);
        return new VendorAnswer((int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(ct));
    }
}

/// <summary>A vendor's answer, whole.</summary>
public sealed record VendorAnswer(int Status, ReadOnlyMemory<byte> Body);
