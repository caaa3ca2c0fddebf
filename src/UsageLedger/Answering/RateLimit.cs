using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using UsageLedger.Access;

namespace UsageLedger.Answering;

/// <summary>How often one key may ask.</summary>
/// <param name="Burst">How many requests at once a key that was silent may make.</param>
public sealed record RateLimit(int RequestsPerSecond, int Burst)
{
    internal void Apply(RateLimiterOptions options)
    {
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, Guid>(context => ApiCaller.Of(context) is { } caller
            ? RateLimitPartition.GetTokenBucketLimiter(caller.KeyId, _ => Bucket())
            : RateLimitPartition.GetNoLimiter(Guid.Empty));
        options.OnRejected = (rejected, _) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
            var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
            return new ValueTask((StatusProblems.Of(StatusCodes.Status429TooManyRequests) with { RetryAfterSeconds = seconds }).ExecuteAsync(rejected.HttpContext));
        };
    }

    private TokenBucketRateLimiterOptions Bucket() => new()
    {
        TokenLimit = Math.Max(Burst, 1),
        TokensPerPeriod = RequestsPerSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = 0
    };
}
