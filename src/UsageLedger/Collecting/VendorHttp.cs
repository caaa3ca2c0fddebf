using NodaTime;

namespace UsageLedger.Collecting;

/// <summary>The way to one source's vendor: bounded, retried and limited; its answers are read whole and no larger than allowed.</summary>
public sealed class VendorHttp : IDisposable
{
    private readonly VendorTry oneTry;
    private readonly VendorPatience patience;
    private readonly Polly.ResiliencePipeline pipeline;

    /// <param name="at">The vendor's address; requests to other hosts are refused, for they carry its credentials.</param>
    /// <param name="provider">As it is told of in traces and metrics.</param>
    internal VendorHttp(HttpMessageInvoker http, Uri at, VendorLimits limits, VendorPatience patience, string provider = "unknown")
    {
        oneTry = new VendorTry(http, at, limits, patience, provider);
        this.patience = patience;
        pipeline = patience.Pipeline();
    }

    /// <summary>Sends a request that may be repeated, made anew for every try.</summary>
    /// <returns>An answer that is there to be read, or a refusal of this one request (4xx).</returns>
    /// <exception cref="VendorException">The vendor cannot be reached, refuses the credentials, limits, fails, or answers too much.</exception>
    public Task<VendorAnswer> SendAsync(Func<HttpRequestMessage> request, CancellationToken ct) => ReadAsync(request, answer => answer, ct);

    /// <summary>As <see cref="SendAsync"/>, and reads the answer; one that is no JSON, because it was cut, is asked for again.</summary>
    public async Task<T> ReadAsync<T>(Func<HttpRequestMessage> request, Func<VendorAnswer, T> read, CancellationToken ct)
    {
        try
        {
            return await pipeline.ExecuteAsync(token => oneTry.SendAsync(request, read, token), ct);
        }
        catch (Polly.Timeout.TimeoutRejectedException)
        {
            throw new VendorException(VendorException.Unreachable, $"The vendor did not answer within {patience.Total.TotalSeconds} s, all tries together.");
        }
        catch (Polly.CircuitBreaker.BrokenCircuitException)
        {
            throw new VendorException(VendorException.Failed, "The vendor failed so often that it is left alone for a while.");
        }
    }

    public void Dispose() => oneTry.Dispose();
}

/// <summary>A vendor's answer, whole.</summary>
/// <param name="At">By the vendor's own clock; null if it does not say.</param>
public sealed record VendorAnswer(int Status, ReadOnlyMemory<byte> Body, Instant? At = null)
{
    public bool IsGood => Status is >= 200 and < 300;

    /// <summary>The vendor has no such thing.</summary>
    public bool IsNotFound => Status is 404 or 410 or 422;
}
