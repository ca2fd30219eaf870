package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/fakeaircall/control"
)

// controlTokenEnv has the token of the control API, for the fake and for those who drive it.
const controlTokenEnv = "AIRCALLKIT_CONTROL_TOKEN"

// controlOptions hold the address of the control API and the token that opens it.
type controlOptions struct {
	on        bool
	addr      string
	tokenFile string
	api       control.Options
}

func (o *controlOptions) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVar(&o.on, "control", true, "serve the control API at /_fake/; without a token, only to this machine")
	f.StringVar(&o.addr, "control-addr", "", "serve the control API on this `host:port` instead of the address of the fake")
	f.StringVar(&o.tokenFile, "control-token-file", "", "read the token of the control API from this `file` instead of "+controlTokenEnv)
}

// choose fills in the options of the fake.
func (o *controlOptions) choose(p *process, out *fakeaircall.Options) (err error) {
	if !o.on && (o.addr != "" || o.tokenFile != "") {
		return errors.New("--control=false goes with neither --control-addr nor --control-token-file")
	}
	o.api.Page = true
	if o.api.Token, err = controlToken(p, o.tokenFile); err != nil {
		return err
	}
	if o.on && o.addr == "" {
		out.Control = o.api.New
	}
	return nil
}

// listen begins on an address of its own, if there is to be one.
func (o *controlOptions) listen(srv *fakeaircall.Server) error {
	if o.addr == "" {
		return nil
	}
	api, err := o.api.New(srv)
	if err == nil {
		err = srv.ListenControl(o.addr, api)
	}
	if err != nil {
		return fmt.Errorf("--control-addr: %w", err)
	}
	return nil
}

// target is what simulate needs to be told, "" if there is no control API.
func (o *controlOptions) target(srv *fakeaircall.Server) string {
	switch {
	case !o.on:
		return ""
	case o.addr != "":
		return srv.ControlURL()
	}
	return srv.URL()
}

const mostToken = 4096

// controlToken comes from a file or the environment, never from a flag: a command line is there for all to see.
func controlToken(p *process, file string) (string, error) {
	if file == "" {
		return p.getenv(controlTokenEnv), nil
	}
	f, err := os.Open(file)
	if err != nil {
		return "", fmt.Errorf("--control-token-file: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, mostToken+1))
	if err != nil {
		return "", fmt.Errorf("--control-token-file: %w", err)
	}
	token := strings.TrimSpace(string(data))
	switch {
	case token == "":
		return "", fmt.Errorf("--control-token-file: %s: there is no token in it", file)
	case len(data) > mostToken:
		return "", fmt.Errorf("--control-token-file: %s: more than %d bytes; this is no token", file, mostToken)
	}
	return token, nil
}
