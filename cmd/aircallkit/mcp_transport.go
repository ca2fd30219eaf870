package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

const (
	// endOfInputGrace is how long calls in progress may go on after the end of standard input. A client that ends gives its
	// server five seconds.
	endOfInputGrace = 2 * time.Second

	// lastReplyTime is how long the server then waits for the replies of the calls that it has stopped.
	lastReplyTime = time.Second

	// shutdownTime is how long the HTTP server waits for replies in progress when it stops.
	shutdownTime = 3 * time.Second

	mcpPath = "/mcp"
)

// maxMessage is the largest message of a client, in bytes. It holds the longest script with every character escaped.
func (o *mcpOptions) maxMessage() int { return max(4<<20, 8*o.limits.Source) }

// serveStdio serves one client on standard input and output, until the input or ctx ends.
func (m *agentServer) serveStdio(ctx context.Context) error {
	if terminal(m.p.stdin) {
		m.p.complain("hint", "this is an MCP server on standard input and output: an MCP client starts it. Stop it with Ctrl-C")
	}
	conn := &stdioConn{lines: make(chan stdioLine), closed: make(chan struct{}), idle: make(chan struct{}, 1), out: m.p.stdout, stopCalls: m.endInput}
	go conn.read(m.p.stdin, m.o.maxMessage())
	err := m.Run(ctx, stdioTransport{conn})
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("standard input or output: %w", err)
	}
	return nil
}

// stdioTransport gives the server its only connection.
type stdioTransport struct{ conn *stdioConn }

// Connect is called by the server.
func (t stdioTransport) Connect(context.Context) (mcp.Connection, error) { return t.conn, nil }

// A stdioConn reads and writes messages, one on each line. In contrast to mcp.StdioTransport it answers a line that is
// not a message with an error and goes on, and it answers every call after the end of the input.
type stdioConn struct {
	lines   chan stdioLine
	closing sync.Once
	closed  chan struct{}
	pending atomic.Int64  // calls without a reply
	idle    chan struct{} // gets a value when the last reply is written

	stopCalls func() // stops the calls in progress, which then get their replies

	mu  sync.Mutex // guards writes
	out io.Writer
}

// A stdioLine is a line of the input, or why there is none.
type stdioLine struct {
	text []byte
	err  error
}

var errLongLine = errors.New("the message is too long")

// read sends the lines of the input until it ends. A line longer than most is dropped and sent as errLongLine.
func (c *stdioConn) read(in io.Reader, most int) {
	r := bufio.NewReaderSize(in, 64<<10)
	for {
		line, err := readLine(r, most)
		select {
		case c.lines <- stdioLine{line, err}:
		case <-c.closed:
			return
		}
		if err != nil && err != errLongLine {
			return
		}
	}
}

// readLine returns the next line. The last one may lack its line break.
func readLine(r *bufio.Reader, most int) (line []byte, err error) {
	long := false
	for {
		part, err := r.ReadSlice('\n')
		if long = long || len(line)+len(part) > most; !long {
			line = append(line, part...)
		}
		switch {
		case err == bufio.ErrBufferFull:
		case long && (err == nil || err == io.EOF):
			return nil, errLongLine // the end is found again
		case err == nil || err == io.EOF && len(line) > 0:
			return line, nil
		default:
			return nil, err
		}
	}
}

// Read returns the next message. It answers other lines with an error.
func (c *stdioConn) Read(ctx context.Context) (jsonrpc.Message, error) {
	for {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-c.closed:
			return nil, io.EOF
		case line := <-c.lines:
			switch {
			case line.err == errLongLine:
				c.refuse(nil, jsonrpc.CodeInvalidRequest, "the message is longer than this server accepts")
				continue
			case line.err != nil:
				c.finish(ctx)
				return nil, line.err
			case len(bytes.TrimSpace(line.text)) == 0:
				continue
			case !json.Valid(line.text):
				c.refuse(nil, jsonrpc.CodeParseError, "the line is not JSON; a message is one line of JSON")
				continue
			}
			msg, err := jsonrpc.DecodeMessage(line.text)
			if err != nil {
				c.refuse(idOfMessage(line.text), jsonrpc.CodeInvalidRequest, "the line is not a message of JSON-RPC 2.0")
				continue
			}
			if req, ok := msg.(*jsonrpc.Request); ok && req.IsCall() {
				c.pending.Add(1)
			}
			return msg, nil
		}
	}
}

// finish waits until all calls have their replies. It stops those that last long.
func (c *stdioConn) finish(ctx context.Context) {
	if !c.awaitReplies(ctx, endOfInputGrace) {
		c.stopCalls()
		c.awaitReplies(ctx, lastReplyTime)
	}
}

// awaitReplies waits until all calls have their replies or there is nobody to reply to. It returns false if the time is over
// before.
func (c *stdioConn) awaitReplies(ctx context.Context, most time.Duration) bool {
	late := time.NewTimer(most)
	defer late.Stop()
	for c.pending.Load() > 0 {
		select {
		case <-c.idle:
		case <-late.C:
			return false
		case <-ctx.Done():
			return true
		case <-c.closed:
			return true
		}
	}
	return true
}

// refuse answers a line that is not a message.
func (c *stdioConn) refuse(id json.RawMessage, code int64, text string) {
	data, err := marshal(map[string]any{"jsonrpc": "2.0", "id": id, "error": map[string]any{"code": code, "message": text}})
	if err == nil {
		_ = c.write(data) // a client that has disconnected is noticed at the next message
	}
}

// idOfMessage returns the id of a message that is wrong otherwise, or nil.
func idOfMessage(line []byte) json.RawMessage {
	var m struct{ ID json.RawMessage }
	if json.Unmarshal(line, &m) != nil || len(m.ID) > 1<<10 || bytes.ContainsAny(m.ID, "{[") {
		return nil
	}
	return m.ID
}

func (c *stdioConn) write(data []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err := c.out.Write(append(data, '\n'))
	return err
}

// Write writes a message.
func (c *stdioConn) Write(ctx context.Context, msg jsonrpc.Message) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	data, err := jsonrpc.EncodeMessage(msg)
	if err != nil {
		return fmt.Errorf("encode a message: %w", err)
	}
	err = c.write(data)
	if _, ok := msg.(*jsonrpc.Response); ok && c.pending.Add(-1) <= 0 {
		select {
		case c.idle <- struct{}{}:
		default:
		}
	}
	return err
}

// Close ends Read.
func (c *stdioConn) Close() error {
	c.closing.Do(func() { close(c.closed) })
	return nil
}

// SessionID returns "": the connection is the session.
func (c *stdioConn) SessionID() string { return "" }

// serveHTTP serves sessions on an address of this machine, until ctx ends.
func (m *agentServer) serveHTTP(ctx context.Context, addr string) error {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return unable(fmt.Errorf("--http: %w", err), "--http 127.0.0.1:0 picks a free port")
	}
	h := &mcpHandler{server: m, free: make(chan struct{}, m.o.maxSessions)}
	h.next = mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return m.Server }, &mcp.StreamableHTTPOptions{
		SessionTimeout: m.o.sessionTimeout, MaxRequestBodyBytes: int64(m.o.maxMessage()),
	})
	mux := http.NewServeMux()
	mux.Handle(mcpPath, withoutWebPages(h))
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "there is nothing here; the MCP server is at "+mcpPath, http.StatusNotFound)
	})
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(listener) }()
	url := "http://" + listener.Addr().String() + mcpPath
	err = printLine(m.p, "aircallkit: MCP server on "+url+"; give this address to a client, as docs/agents.md shows, and stop with Ctrl-C here")
	if err == nil {
		select {
		case <-ctx.Done():
		case err = <-failed:
		}
	}
	m.scripts.stop()
	m.closeSessions()
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	if srv.Shutdown(late) != nil {
		_ = srv.Close()
	}
	m.closeSessions() // those that began meanwhile
	h.ending.Wait()
	return err
}

// withoutWebPages refuses requests that browsers send for a web page.
func withoutWebPages(next http.Handler) http.Handler {
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "web pages cannot use this server; a program sends neither Origin nor Sec-Fetch-Site", http.StatusForbidden)
	}))
	return guard.Handler(next)
}

func (m *agentServer) closeSessions() {
	for session := range m.Sessions() {
		_ = session.Close()
	}
}

// mcpHandler bounds the sessions, and ends scripts whose client has disconnected.
type mcpHandler struct {
	server *agentServer
	next   http.Handler
	free   chan struct{} // one entry for each session, and for each request that may start one
	ending sync.WaitGroup
	last   atomic.Int64 // number of the newest request
}

const (
	sessionHeader = "Mcp-Session-Id"
	requestHeader = "Aircallkit-Request" // tells a tool call which HTTP request it came with
)

const (
	// bodyTime is how long a client may take to send a message.
	bodyTime = 30 * time.Second

	// sessionWait is how long a new session waits for the end of another one. The question that a client asks before it
	// initializes its session counts as one, and ends a little after the reply.
	sessionWait = time.Second
)

func (h *mcpHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := strconv.FormatInt(h.last.Add(1), 10)
	r.Header.Set(requestHeader, id) // replaces what a client sent
	h.server.scripts.requests.Store(id, r.Context())
	defer h.server.scripts.requests.Delete(id)
	session := r.Header.Get(sessionHeader)
	if r.Method == http.MethodDelete {
		h.server.scripts.endSession(session)
	}
	if r.Method == http.MethodPost && !h.readBody(w, r) {
		return
	}
	if r.Method != http.MethodPost || session != "" {
		h.next.ServeHTTP(w, r)
		return
	}
	late := time.NewTimer(sessionWait)
	defer late.Stop()
	select {
	case h.free <- struct{}{}:
	case <-r.Context().Done():
		return
	case <-late.C:
		open := "1 session is"
		if n := cap(h.free); n > 1 {
			open = fmt.Sprintf("%d sessions are", n)
		}
		http.Error(w, open+" open, the most that this server accepts; close one, or start it with a larger --max-sessions", http.StatusServiceUnavailable)
		return
	}
	h.next.ServeHTTP(w, r)
	h.release(w.Header().Get(sessionHeader))
}

// release frees the place of a session when it ends, at once if none has started.
func (h *mcpHandler) release(id string) {
	for session := range h.server.Sessions() {
		if id != "" && session.ID() == id {
			h.ending.Go(func() {
				_ = session.Wait()
				h.server.scripts.endSession(id)
				<-h.free
			})
			return
		}
	}
	<-h.free
}

// readBody reads the message, so that a slow client holds no session, and reports whether it could.
func (h *mcpHandler) readBody(w http.ResponseWriter, r *http.Request) bool {
	deadline := http.NewResponseController(w)
	_ = deadline.SetReadDeadline(time.Now().Add(bodyTime)) // every connection of net/http has one
	most := int64(h.server.o.maxMessage())
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	_ = deadline.SetReadDeadline(time.Time{})
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		http.Error(w, fmt.Sprintf("the message is longer than %d bytes, the most that this server accepts", most), http.StatusRequestEntityTooLarge)
		return false
	}
	if err != nil {
		http.Error(w, "the message could not be read", http.StatusBadRequest)
		return false
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return true
}
