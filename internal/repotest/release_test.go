package repotest

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestDockerfile checks that the image has one static binary, a user that is not root, and a health check.
func TestDockerfile(t *testing.T) {
	text := regexp.MustCompile(`\\\n\s*`).ReplaceAllString(string(files(t)["Dockerfile"]), "")
	stages := regexp.MustCompile(`(?m)^FROM `).Split(text, -1)
	build, last := stages[len(stages)-2], stages[len(stages)-1]
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(string(files(t)["go.mod"]))[1]
	for _, want := range []string{"golang:" + version + "-", "CGO_ENABLED=0", "-trimpath", "./cmd/aircallkit"} {
		if !strings.Contains(build, want) {
			t.Errorf("the build has no %s", want)
		}
	}
	if !strings.HasPrefix(last, "scratch\n") || !regexp.MustCompile(`(?m)^USER [1-9]\d*:[1-9]\d*$`).MatchString(last) {
		t.Error("the image is not from scratch, or its user is root or a name instead of a number")
	}
	for _, instruction := range []string{"HEALTHCHECK .* CMD", "ENTRYPOINT", "CMD"} {
		m := regexp.MustCompile(`(?m)^` + instruction + ` (\[.*\])$`).FindStringSubmatch(last)
		var words []string
		if m == nil || json.Unmarshal([]byte(m[1]), &words) != nil {
			t.Errorf("%s is missing, or not a list of words; the image has no shell", instruction)
			continue
		}
		if command := strings.TrimPrefix(words[0], "/"); command != "aircallkit" && !isCommand(t, command) {
			t.Errorf("%s runs %v", instruction, words)
		}
		if instruction[0] == 'H' && !isCommand(t, words[1]) {
			t.Errorf("aircallkit has no command %s", words[1])
		}
	}
}

// isCommand reports whether aircallkit has a command of this name.
func isCommand(t *testing.T, name string) bool {
	for _, s := range sources(t) {
		if s.dir == "cmd/aircallkit" && !s.test && strings.Contains(string(files(t)[s.path]), `Use:   "`+name) {
			return true
		}
	}
	return false
}

type service struct {
	Build, Command, Ports, Environment, Volumes, User any
	Profiles                                          []string
	DependsOn                                         map[string]struct{ Condition string } `yaml:"depends_on"`
	NetworkMode                                       string                                `yaml:"network_mode"`
	ReadOnly                                          bool                                  `yaml:"read_only"`
	CapDrop                                           []string                              `yaml:"cap_drop"`
	SecurityOpt                                       []string                              `yaml:"security_opt"`
	StopGracePeriod                                   string                                `yaml:"stop_grace_period"`
}

func TestCompose(t *testing.T) {
	var c struct {
		Services map[string]service
		Volumes  map[string]any
	}
	readYAML(t, "examples/docker/compose.yaml", &c)
	for name, s := range c.Services {
		command, _ := s.Command.([]any)
		if s.Build != "../.." || len(command) == 0 || !isCommand(t, command[0].(string)) {
			t.Errorf("%s: builds %v and runs %v", name, s.Build, s.Command)
		}
		ports, _ := s.Ports.([]any)
		for _, p := range ports {
			if !strings.HasPrefix(p.(string), "127.0.0.1:") {
				t.Errorf("%s publishes %v to other machines", name, p)
			}
		}
		for on := range s.DependsOn {
			if _, ok := c.Services[on]; !ok {
				t.Errorf("%s depends on %s, which does not exist", name, on)
			}
		}
	}
}

func TestGoreleaser(t *testing.T) {
	var g struct {
		Version     int
		ProjectName string                   `yaml:"project_name"`
		Before      struct{ Hooks []string } `yaml:"before"`
		Builds      []struct {
			ID, Main, Binary string
			Env, Flags       []string
			Ldflags          []string
			ModTimestamp     string `yaml:"mod_timestamp"`
			Goos, Goarch     []string
		}
		Archives []struct {
			Formats         []string
			FormatOverrides []struct {
				Goos    string
				Formats []string
			} `yaml:"format_overrides"`
			Files []string
		}
		Checksum struct {
			NameTemplate string `yaml:"name_template"`
		}
		Snapshot struct {
			VersionTemplate string `yaml:"version_template"`
		}
		Changelog struct{ Disable bool }
	}
	readYAML(t, ".goreleaser.yaml", &g)
	if g.Version != 2 || len(g.Builds) != 1 || len(g.Archives) != 1 {
		t.Fatalf("version %d, %d builds", g.Version, len(g.Builds))
	}
	b := g.Builds[0]
	if files(t)[strings.TrimPrefix(b.Main, "./")+"/main.go"] == nil || !slices.Contains(b.Env, "CGO_ENABLED=0") || len(b.Goos) < 3 {
		t.Errorf("it builds %+v", b)
	}
	for _, pattern := range g.Archives[0].Files {
		if !strings.Contains(pattern, "*") && files(t)[pattern] == nil {
			t.Errorf("there is no %s to pack", pattern)
		}
	}
}

// TestInstall checks that go install of a version works: it refuses a module with replace directives.
func TestInstall(t *testing.T) {
	mod := string(files(t)["go.mod"])
	if !strings.HasPrefix(mod, "module "+module+"\n") {
		t.Error("the module has a different name from the one that is installed")
	}
	if m := regexp.MustCompile(`(?m)^(replace|exclude)\b.*`).FindString(mod); m != "" {
		t.Errorf("go install %s/cmd/aircallkit@latest would refuse: %s", module, m)
	}
}
