using UsageLedger.EventLog.Faults;

namespace UsageLedger.Host;

/// <summary>Arms fail points, in a host that is started to be broken and in no other.</summary>
internal static class FaultArming
{
    private const string PointsVariable = "LEDGER_FAIL_POINTS";
    private const string EnvironmentVariable = "DOTNET_ENVIRONMENT";
    private const string FaultsEnvironment = "Faults";

    /// <summary>From the environment of the process alone: no file, request or database can arm one.</summary>
    /// <exception cref="SettingsException">They are set where nobody is to be broken, or cannot be read.</exception>
    public static void ReadEnvironment()
    {
        if (Environment.GetEnvironmentVariable(PointsVariable) is not { Length: > 0 } text)
        {
            return;
        }

        if (Environment.GetEnvironmentVariable(EnvironmentVariable) != FaultsEnvironment)
        {
            throw new SettingsException(
                $"{PointsVariable} is set: this process would kill itself. Unset it; fault tests run with {EnvironmentVariable}={FaultsEnvironment}.");
        }

        FailPoint.Arm(FailPlan.TryParse(text, Console.Error.WriteLine)
            ?? throw new SettingsException($"{PointsVariable} is '{text}'; give such as append.copied=kill@3 or append.locked=stall@*40, with commas between."));
    }
}
