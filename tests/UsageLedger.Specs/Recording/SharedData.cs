namespace UsageLedger.Specs.Recording;

/// <summary>A spec that reads conformance data which lie beside the checkout, at <c>../shared/data</c>, and are no part of it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedDataFactAttribute : FactAttribute
{
    public SharedDataFactAttribute(string path)
    {
        if (!Path.Exists(SharedData.Find(path)))
        {
            Skip = $"../shared/data/{path} is not here; the other specs of this class hold without it.";
        }
    }
}

/// <summary>Finds data beside the checkout.</summary>
internal static class SharedData
{
    public static string? Find(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var found = Path.Combine(folder.FullName, "shared", "data", path);
            if (Path.Exists(found))
            {
                return found;
            }
        }

        return null;
    }
}
