using System.Diagnostics;

namespace UsageLedger.Host.Embedded;

/// <summary>One process at a time starts, joins or leaves a cluster. The kernel frees the lock of a process that dies.</summary>
internal static class StartLock
{
    /// <summary>Long enough for somebody else's first start, which may fetch the binaries.</summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    public static async Task<FileStream> TakeAsync(string path, TimeSpan atMost, CancellationToken ct)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (UnauthorizedAccessException failure)
            {
                throw new EmbeddedPostgresException(
                    $"{path} cannot be written: this data directory belongs to another account. Run as that account, or set Ledger__DataDir to another directory.", failure);
            }
            catch (DirectoryNotFoundException failure)
            {
                throw new EmbeddedPostgresException($"The data directory of {path} is gone.", failure);
            }
            catch (IOException failure) when (waited.Elapsed >= atMost)
            {
                throw new EmbeddedPostgresException(
                    $"Another process has held {path} for {atMost.TotalSeconds:0} s while starting or stopping PostgreSQL. See what it does, or stop it.", failure);
            }
            catch (IOException)
            {
                await Task.Delay(Pause, ct);
            }
        }
    }
}
