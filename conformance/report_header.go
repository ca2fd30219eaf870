package conformance

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"regexp"
	"runtime/debug"
	"sync"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// thisKit reads what the linker wrote into the program.
func thisKit() report.Kit {
	k := report.Kit{Version: "(devel)"}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return k
	}
	const module = "github.com/aircallkit/aircallkit"
	if info.Main.Path == module && info.Main.Version != "" {
		k.Version = info.Main.Version
	}
	for _, dep := range info.Deps { // the kit in somebody's tests
		if dep.Path == module {
			k.Version = dep.Version
		}
	}
	if info.Main.Path != module {
		return k
	}
	dirty := ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			k.Commit = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = "+dirty"
		}
	}
	if k.Commit != "" {
		k.Commit += dirty
	}
	return k
}

func referenceHash() string { return hash([]byte(binding.Reference())) }

// contractHash gives the sha256 of the contract and what it calls itself.
var contractHash = sync.OnceValues(func() (sum, version string) {
	var doc struct {
		Info struct{ Version string }
	}
	data := fakeaircall.OpenAPI()
	_ = json.Unmarshal(data, &doc) // agreement has read it
	return hash(data), doc.Info.Version
})

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// plainServer is what a header Server may hold to be told; anything else might be anything.
var plainServer = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9 ./()_-]{0,59}$`)

// introduce notes what the target calls itself.
func (t *target) introduce(h http.Header) {
	if name := h.Get("Server"); plainServer.MatchString(name) {
		t.server = name
	}
}
