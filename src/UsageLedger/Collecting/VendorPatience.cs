using NodaTime;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace UsageLedger.Collecting;

/// <summary>How long a vendor is waited for, and how often it is asked again, before a run gives up and the inbox waits longer.</summary>
/// <param name="PerTry">Of one request, to its answer's last byte.</param>
/// <param name="Total">Of all tries and the waits between them.</param>
/// <param name="FirstWait">Doubled at each try, with jitter.</param>
/// <param name="WaitMax">A vendor that asks for more is not waited for here.</param>
/// <param name="LeaveAlone">How long a vendor that keeps failing is not asked at all.</param>
internal sealed record VendorPatience(Duration PerTry, Duration Total, int RetriesMax, Duration FirstWait, Duration WaitMax, Duration LeaveAlone)
{
    /// <summary>Of the requests of half a minute, if there were so many, half failed.</summary>
    private const int FailuresOf = 20;

    public static readonly VendorPatience Default = new(
        Duration.FromSeconds(60), Duration.FromMinutes(5), 6, Duration.FromMilliseconds(500), Duration.FromSeconds(30), Duration.FromSeconds(15));

    /// <summary>Until a connection stands, which is a part of one try.</summary>
    public Duration ConnectMax { get; init; } = Duration.FromSeconds(10);

    /// <summary>Outermost the whole time, then retries, then the breaker, which sees every try.</summary>
    public ResiliencePipeline Pipeline() => new ResiliencePipelineBuilder()
        .AddTimeout(Total.ToTimeSpan())
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<VendorException>(failure => failure.MayPass),
            MaxRetryAttempts = RetriesMax,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = FirstWait.ToTimeSpan(),
            MaxDelay = WaitMax.ToTimeSpan(),
            DelayGenerator = static tried => new ValueTask<TimeSpan?>((tried.Outcome.Exception as VendorException)?.RetryAfter?.ToTimeSpan()),
        })
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            ShouldHandle = new PredicateBuilder()
                .Handle<VendorException>(failure => failure is { MayPass: true, Code: VendorException.Unreachable or VendorException.Failed }),
            FailureRatio = 0.5,
            MinimumThroughput = FailuresOf,
            SamplingDuration = TimeSpan.FromSeconds(30),
            BreakDuration = LeaveAlone.ToTimeSpan(),
        })
        .Build();
}
