using System.Diagnostics;

namespace UsageLedger.Host.Health;

/// <summary>
/// Asks once for all who want to know, on nobody's account: who leaves takes no answer away, what hangs is asked no second time, and an answer
/// that comes too late for whoever asked is there for the next.
/// </summary>
/// <param name="ask">Ends in the end and never throws; null: there is no answer.</param>
/// <param name="freshFor">How old an answer may be that is given instead of asking, and how long one that was not to be had is not asked for again.</param>
internal sealed class SharedAsk<T>(Func<Task<T?>> ask, TimeSpan freshFor)
    where T : class
{
    private readonly Lock turn = new();
    private (T Answer, long At)? known;
    private (T? Answer, long At)? last;
    private Task<T?>? asking;

    /// <summary>Null: there is no answer, or none within this time.</summary>
    public async Task<T?> WithinAsync(TimeSpan max, CancellationToken ct)
    {
        try
        {
            return await Asking().WaitAsync(max > TimeSpan.Zero ? max : TimeSpan.Zero, ct);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>The last answer that there was, if it is no older than this.</summary>
    public T? Known(TimeSpan ageMax)
    {
        lock (turn)
        {
            return known is { } answered && Stopwatch.GetElapsedTime(answered.At) <= ageMax ? answered.Answer : null;
        }
    }

    private Task<T?> Asking()
    {
        lock (turn)
        {
            if (asking is null && last is { } fresh && Stopwatch.GetElapsedTime(fresh.At) <= freshFor)
            {
                return Task.FromResult(fresh.Answer);
            }

            // Not within the request, nor the span, of whoever happens to ask first.
            using var alone = ExecutionContext.SuppressFlow();
            return asking ??= Task.Run(AskAsync);
        }
    }

    private async Task<T?> AskAsync()
    {
        T? answer = null;
        try
        {
            return answer = await ask();
        }
        finally
        {
            lock (turn)
            {
                var now = Stopwatch.GetTimestamp();
                (known, last, asking) = (answer is null ? known : (answer, now), (answer, now), null);
            }
        }
    }
}
