package fakeaircall
import ("time";"github.com/aircallkit/aircallkit/internal/guard")
func seedCompany(a Account, o Options, i int, start time.Time) *company {
 return &company{account:a, guard: guard.New(newState(a.Name, uint64(o.Seed)))}
}
