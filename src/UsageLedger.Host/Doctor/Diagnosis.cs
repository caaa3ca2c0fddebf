namespace UsageLedger.Host.Doctor;

/// <summary>What was looked at, how it is, and what to do about it.</summary>
/// <param name="Status"><c>ok</c>, <c>warning</c> or <c>failed</c>.</param>
/// <param name="Found">In a sentence.</param>
/// <param name="ToDo">Null where nothing is to be done.</param>
internal sealed record Diagnosis(string Name, string Status, string Found, string? ToDo)
{
    public const string Ok = "ok";
    public const string Warning = "warning";
    public const string Failed = "failed";

    public static Diagnosis Good(string name, string found) => new(name, Ok, found, null);

    public static Diagnosis Worry(string name, string found, string toDo) => new(name, Warning, found, toDo);

    public static Diagnosis Bad(string name, string found, string toDo) => new(name, Failed, found, toDo);
}
