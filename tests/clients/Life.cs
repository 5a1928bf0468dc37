// A call's life by `quicktype`: its classes, its own serializer (Newtonsoft.Json), and .NET's client of HTTP.
using System;
using System.Globalization;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using Newtonsoft.Json;
using Tenfour;

static class Life
{
    static string Env(string name) => Environment.GetEnvironmentVariable(name);

    static readonly DateTimeOffset Began = DateTimeOffset.Parse(Env("BEGAN"), CultureInfo.InvariantCulture);
    static readonly HttpClient Client = new HttpClient();

    static DateTimeOffset After(int minutes) => Began.AddMinutes(minutes);

    static void Tell(string feed, int minutes, UpdateBody update)
    {
        update.IncidentNumber = "P26-0001234";
        update.AsOf = After(minutes);
        var content = new StringContent(new Body { Updates = new[] { update } }.ToJson(), Encoding.UTF8, "application/json");
        var answer = Client.PostAsync($"{Env("ADDRESS")}/{feed}/{Env("AGENCY")}/updates", content).GetAwaiter().GetResult();
        answer.EnsureSuccessStatusCode();
    }

    static void Main()
    {
        if (Env("LEAVE_OUT") != null) Converter.Settings.NullValueHandling = NullValueHandling.Ignore;
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Env("KEY"));
        var caller = new PartyBody { PartyId = "1", Role = Role.Caller, Phone = "303-555-0123", Language = "en" };

        Tell("cad", 0, new UpdateBody
        {
            ReceivedAt = After(0), Origin = Origin.NonEmergency, IncidentType = "THEFT", Priority = "3",
            ReportingParties = new[] { caller },
        });
        Tell("cad", 12, new UpdateBody
        {
            DispatchedAt = After(12), Units = new[] { new Unit { UnitUnit = "3A12", OfficerIds = new[] { "o2211" } } },
        });
        Tell("cad", 14, new UpdateBody { EnrouteAt = After(14) });
        Tell("cad", 27, new UpdateBody { ArrivedAt = After(27) });
        Tell("cad", 53, new UpdateBody { ClosedAt = After(53), Dispositions = new[] { "RPT" } });
        Tell("rms", 90, new UpdateBody { CaseNumber = "26-123456" });
    }
}
