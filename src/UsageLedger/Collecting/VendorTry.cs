using System.Text.Json;
using System.Threading.RateLimiting;
using NodaTime;
using Polly;
using Polly.Timeout;

namespace UsageLedger.Collecting;

/// <summary>One try at a request: waits its turn, sends, reads no more than allowed, and says in the vendor's failures' own words what went wrong.</summary>
internal sealed class VendorTry(HttpMessageInvoker http, Uri at, VendorLimits limits, VendorPatience patience, string provider) : IDisposable
{
    private const int WaitingMax = 10_000;

    private readonly ResiliencePipeline inTime = new ResiliencePipelineBuilder().AddTimeout(patience.PerTry.ToTimeSpan()).Build();

    private readonly ConcurrencyLimiter places = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = limits.ConcurrencyMax, QueueLimit = WaitingMax, QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    private readonly TokenBucketRateLimiter turns = new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = limits.RequestsPerSecond, TokensPerPeriod = 1, ReplenishmentPeriod = TimeSpan.FromSeconds(1) / limits.RequestsPerSecond,
        QueueLimit = WaitingMax, QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    public async ValueTask<T> SendAsync<T>(Func<HttpRequestMessage> request, Func<VendorAnswer, T> read, CancellationToken ct)
    {
        using var place = await places.AcquireAsync(1, ct);
        using var turn = await turns.AcquireAsync(1, ct);
        if (!place.IsAcquired || !turn.IsAcquired)
        {
            throw new VendorException(VendorException.Limited, $"{WaitingMax} requests to the vendor are waiting already.");
        }

        try
        {
            return read(await inTime.ExecuteAsync(async token => await MeasuredAsync(request, token), ct));
        }
        catch (TimeoutRejectedException)
        {
            throw Unreachable($"The vendor did not answer within {patience.PerTry.TotalSeconds} s.");
        }
        catch (OperationCanceledException silence) when (!ct.IsCancellationRequested)
        {
            // Nobody here gave up: the client reports as cancelled a connection that did not stand in time.
            throw Unreachable($"The vendor did not take the connection within {patience.ConnectMax.TotalSeconds} s.", silence);
        }
        catch (HttpRequestException failure) when (failure.InnerException is VendorException refused)
        {
            throw new VendorException(refused.Code, refused.Message);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw Unreachable("The connection to the vendor failed or was cut.", failure);
        }
        catch (JsonException cut)
        {
            // The exception quotes the answer, which may be personal: only the place is told.
            throw new VendorException(VendorException.Unreadable, $"The vendor's answer is not JSON, see line {cut.LineNumber + 1}, byte {cut.BytePositionInLine + 1}.")
            {
                MayPass = true
            };
        }
    }

    public void Dispose()
    {
        places.Dispose();
        turns.Dispose();
    }

    private async Task<VendorAnswer> MeasuredAsync(Func<HttpRequestMessage> request, CancellationToken ct)
    {
        using var measured = MeasuredTry.Begin(provider);
        try
        {
            var answer = await AskAsync(request, ct);
            measured.Answered(answer.Status);
            return answer;
        }
        catch (VendorException failure)
        {
            measured.Failed(failure.Code);
            throw;
        }
    }

    private async Task<VendorAnswer> AskAsync(Func<HttpRequestMessage> request, CancellationToken ct)
    {
        using var message = request();
        if (message.RequestUri is not { } to || to.Scheme != at.Scheme || to.Host != at.Host || to.Port != at.Port)
        {
            throw new VendorException(VendorException.Unreadable, "A link of the vendor's leads to another host than the source's; it is not followed.");
        }

        using var answer = await http.SendAsync(message, ct);
        var status = (int)answer.StatusCode;
        if (Failure(status, WaitAsked(answer)) is { } failure)
        {
            throw failure;
        }

        var said = answer.Headers.Date is { } date ? Instant.FromDateTimeOffset(date) : (Instant?)null;
        var body = message.Options.TryGetValue(VendorRequests.WithoutBody, out var unread) && unread
            ? ReadOnlyMemory<byte>.Empty
            : await VendorBody.ReadAsync(answer.Content, limits.PageBytesMax, ct);
        return new VendorAnswer(status, body, said);
    }

    /// <summary>What a status says of the vendor as a whole; null: it is about this request, and the caller's to judge.</summary>
    private VendorException? Failure(int status, Duration? wait) => status switch
    {
        >= 200 and < 300 => null,
        401 or 402 or 403 => new VendorException(VendorException.Refused, $"The vendor refuses the credentials (HTTP {status})."),
        408 or 425 or >= 500 => new VendorException(VendorException.Failed, $"The vendor failed (HTTP {status}).")
        {
            RetryAfter = wait, MayPass = !(wait > patience.WaitMax)
        },
        429 => new VendorException(VendorException.Limited, "The vendor asks for fewer requests (HTTP 429).")
        {
            RetryAfter = wait, MayPass = !(wait > patience.WaitMax)
        },
        >= 400 => null,
        _ => new VendorException(VendorException.Failed, $"The vendor answered HTTP {status}; redirects are not followed.")
    };

    /// <summary>A date is taken against the vendor's own clock.</summary>
    private static Duration? WaitAsked(HttpResponseMessage answer) => answer.Headers.RetryAfter switch
    {
        { Delta: { } wait } when wait >= TimeSpan.Zero => Duration.FromTimeSpan(wait),
        { Date: { } until } when answer.Headers.Date is { } now => Duration.Max(Duration.Zero, Duration.FromTimeSpan(until - now)),
        _ => null
    };

    private static VendorException Unreachable(string message, Exception? inner = null) =>
        new(VendorException.Unreachable, message, inner) { MayPass = true };
}
