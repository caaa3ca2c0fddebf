using System.Security.Cryptography;

namespace UsageLedger.Specs.House;

/// <summary>
/// A database that has a schema file refuses a program with another text of it. So each file's hash is kept here from the day it is written: what is to
/// change goes into a new file, with a line of its own.
/// </summary>
public sealed class SchemaFileSpecs
{
    [Fact]
    public void A_schema_file_never_changes()
    {
        string[] folders = ["src/UsageLedger.EventLog/Schema", "src/UsageLedger/Schema"];
        var found = folders.SelectMany(folder => Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.sql"))
            .Select(file => $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))} {Path.GetFileName(file)}").ToList();
        var kept = File.ReadAllLines(Path.Combine(Repository.Root, "tests/UsageLedger.Specs/House/schema-files.txt"));

        found.Except(kept).ShouldBeEmpty("new: add these lines to tests/UsageLedger.Specs/House/schema-files.txt; changed: put the file back, and what changes into a new file");
        kept.Except(found).ShouldBeEmpty("kept in schema-files.txt, and changed or gone");
    }
}
