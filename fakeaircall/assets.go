package fakeaircall

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/mux"
)

// The audio of calls is in S3. A presigned URL opens it for a while, without any other credentials. The fake serves the
// audio itself, below a path that Aircall does not have.
const (
	assetPath = "/_assets/"

	// shortHost redirects to the audio. Here it is also a path; the rest of the URL is as on the host.
	shortHost = "short-urls.aircall.io"
	shortPath = assetPath + "short-urls/v1/"

	signedFor = time.Hour // documented in 2026; URLs of 2022 were valid for ten minutes
	shortFor  = 3 * time.Hour
)

// assets makes the URLs of an account's audio, as one client reaches it.
type assets struct {
	base    string // scheme and host
	account *account
}

// signed returns a presigned URL. Every reply has a new signature (captured 2022). The signature does not cover the
// host, so that two fakes differ only in their host.
func (a assets) signed(kind string, call int64, now time.Time) string {
	return a.path(kind) + strconv.FormatInt(call, 10) + ".mp3?" +
		a.account.signedQuery(kind, call, now.UTC().Format(amzTime), int64(signedFor/time.Second))
}

// short returns a URL that redirects to a signed one.
func (a assets) short(kind string, call int64, now time.Time) string {
	return a.base + shortPath + a.account.shortID(kind, call, now.Add(shortFor).Unix())
}

func (a assets) path(kind string) string {
	return a.base + assetPath + kind + "/" + url.PathEscape(a.account.Account.Name) + "/"
}

const amzTime = "20060102T150405Z"

func (c *account) signedQuery(kind string, call int64, date string, seconds int64) string {
	return "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=FAKEACCESSKEY%2F" + date[:min(8, len(date))] + "%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Date=" + date +
		"&X-Amz-Expires=" + strconv.FormatInt(seconds, 10) + "&X-Amz-SignedHeaders=host&X-Amz-Signature=" + c.sign(kind, call, date, seconds)
}

// shortID returns an id in the form of a version 4 UUID. It has everything that is needed, so that nothing is stored: five
// digits of a signature, eight of the second at which it expires, 16 of the call, and one of the index in audioKinds.
func (c *account) shortID(kind string, call, until int64) string {
	h := fmt.Sprintf("%.5s%08x%016x%d", c.sign(kind, call, "", until), uint32(until), uint64(call), slices.Index(audioKinds, kind))
	return h[:8] + "-" + h[8:12] + "-4" + h[12:15] + "-a" + h[15:18] + "-" + h[18:]
}

var audioKinds = []string{"recording", "voicemail"}

// openShort reads a shortID. It reports false unless shortID made it.
func (c *account) openShort(id string) (kind string, call, until int64, ok bool) {
	if len(id) != 36 {
		return "", 0, 0, false
	}
	h := id[:8] + id[9:13] + id[15:18] + id[20:23] + id[24:]
	second, err1 := strconv.ParseInt(h[5:13], 16, 64)
	call, err2 := strconv.ParseInt(h[13:29], 16, 64)
	if err1 != nil || err2 != nil || h[29] != '0' && h[29] != '1' {
		return "", 0, 0, false
	}
	kind = audioKinds[h[29]-'0']
	return kind, call, second, id == c.shortID(kind, call, second)
}

func (c *account) sign(kind string, call int64, date string, seconds int64) string {
	mac := hmac.New(sha256.New, []byte(c.Account.Name+"\x00"+c.Account.APIToken+"\x00"+c.Account.Bearer))
	fmt.Fprintf(mac, "%s %d %s %d", kind, call, date, seconds)
	return hex.EncodeToString(mac.Sum(nil))
}

// An s3Error is a failure in the form of S3.
type s3Error struct {
	XMLName       xml.Name `xml:"Error"`
	Status        int      `xml:"-"`
	Code          string
	Message       string
	ArgumentName  string `xml:",omitempty"`
	ArgumentValue string `xml:",omitempty"`
	Key           string `xml:",omitempty"`
	Expires       string `xml:",omitempty"`
	ServerTime    string `xml:",omitempty"`
	RequestID     string `xml:"RequestId"`
	HostID        string `xml:"HostId"`
}

// toShortHost is a mux.MatcherFunc for the host of short URLs.
func toShortHost(req *http.Request, _ *mux.RouteMatch) bool {
	host, _, _ := strings.Cut(req.Host, ":")
	return strings.EqualFold(host, shortHost)
}

// serveShort answers as the host of short URLs does. The id is the last segment of the path.
func (s *Server) serveShort(w http.ResponseWriter, req *http.Request) {
	id, isPath := strings.CutPrefix(req.URL.Path, shortPath)
	if !isPath {
		id = strings.TrimPrefix(req.URL.Path, "/v1/")
	}
	s.writeDate(w)
	location, failed := s.expandShort(req, id)
	if failed != nil {
		s.writeS3Error(w, failed)
		return
	}
	w.Header().Set("Location", location)
	w.WriteHeader(http.StatusFound)
}

// serveAudio answers as S3 does.
func (s *Server) serveAudio(w http.ResponseWriter, req *http.Request) {
	s.writeDate(w)
	made, failed := s.asset(req, strings.TrimPrefix(req.URL.Path, assetPath))
	if failed != nil {
		s.writeS3Error(w, failed)
		return
	}
	s.writeS3Headers(w.Header())
	w.Header().Set("Content-Type", "audio/mpeg")
	w.Header().Set("ETag", silenceTag)
	http.ServeContent(w, req, "", made, bytes.NewReader(silence))
}

func (s *Server) writeDate(w http.ResponseWriter) {
	w.Header()["Date"] = []string{s.clock.now().Format(http.TimeFormat)}
}

func (s *Server) writeS3Headers(h http.Header) (request, host string) {
	rnd := s.headerIDs()
	request, host = strings.ToUpper(rnd.hex(16)), base64.StdEncoding.EncodeToString([]byte(rnd.hex(56)))
	h["Server"], h["X-Amz-Request-Id"], h["X-Amz-Id-2"] = []string{"AmazonS3"}, []string{request}, []string{host}
	return request, host
}

func (s *Server) writeS3Error(w http.ResponseWriter, failed *s3Error) {
	failed.RequestID, failed.HostID = s.writeS3Headers(w.Header())
	body, _ := xml.Marshal(failed) // plain data
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(failed.Status)
	w.Write(append([]byte(xml.Header), body...))
}

// expandShort returns a newly signed URL of the audio that a short URL leads to. It fails with the errors of S3: those of
// the host of short URLs are not known.
func (s *Server) expandShort(req *http.Request, id string) (location string, failed *s3Error) {
	if failed := refuseAuthorization(req); failed != nil {
		return "", failed
	}
	for _, c := range s.accounts() {
		kind, call, until, ok := c.openShort(id)
		if !ok || req.Method != http.MethodGet && req.Method != http.MethodHead {
			continue
		}
		now := c.clock.now()
		if now.Unix() >= until {
			return "", expired(until, now)
		}
		return assets{s.requestBase(req), c}.signed(kind, call, now), nil
	}
	return "", accessDenied()
}

func accessDenied() *s3Error {
	return &s3Error{Status: 403, Code: "AccessDenied", Message: "Access Denied"}
}

func expired(until int64, now time.Time) *s3Error {
	return &s3Error{Status: 403, Code: "AccessDenied", Message: "Request has expired", Expires: s3Time(until), ServerTime: s3Time(now.Unix())}
}

func refuseAuthorization(req *http.Request) *s3Error {
	auth := req.Header.Get("Authorization")
	if auth == "" {
		return nil
	}
	scheme, _, _ := strings.Cut(auth, " ")
	return &s3Error{
		Status: 400, Code: "InvalidArgument", ArgumentName: "Authorization", ArgumentValue: scheme, // S3 also repeats the secret
		Message: "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified",
	}
}

// asset checks the URL of an audio file, and returns when the audio was made.
func (s *Server) asset(req *http.Request, path string) (made time.Time, failed *s3Error) {
	if failed := refuseAuthorization(req); failed != nil {
		return made, failed
	}
	kind, rest, _ := strings.Cut(path, "/")
	slash := strings.LastIndex(rest, "/")
	if slash <= 0 {
		return made, accessDenied()
	}
	owner, err := s.account(rest[:slash])
	if err != nil {
		return made, accessDenied()
	}
	file := rest[slash+1:]
	now := owner.clock.now()
	call, until := owner.openSigned(kind, file, req.URL.Query())
	switch {
	case until == 0 && req.URL.RawQuery == "":
		return made, accessDenied()
	case until == 0 || req.Method != http.MethodGet: // the method is signed
		return made, &s3Error{
			Status: 403, Code: "SignatureDoesNotMatch",
			Message: "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
		}
	case now.Unix() >= until:
		return made, expired(until, now)
	}
	failed = &s3Error{Status: 404, Code: "NoSuchKey", Message: "The specified key does not exist.", Key: path}
	_ = owner.do(now, func(t *tx) error {
		if c, ok := t.calls.get(call); ok && c.audio() == kind {
			made, failed = time.Unix(c.Ended, 0).UTC(), nil
		}
		return nil
	})
	return made, failed
}

// openSigned returns the call of a presigned URL and the second at which it expires, or 0 unless signed made it.
func (c *account) openSigned(kind, file string, query url.Values) (call, until int64) {
	name, _ := strings.CutSuffix(file, ".mp3")
	date, seconds := query.Get("X-Amz-Date"), number64(query.Get("X-Amz-Expires"))
	from, err := time.Parse(amzTime, date)
	if call = number64(name); err != nil || call == 0 {
		return 0, 0
	}
	if want, err := url.ParseQuery(c.signedQuery(kind, call, date, seconds)); err != nil || !reflect.DeepEqual(query, want) {
		return 0, 0
	}
	return call, from.Unix() + seconds
}

func s3Time(unix int64) string { return time.Unix(unix, 0).UTC().Format(time.RFC3339) }

// silence is an MP3 file of three silent seconds: frames of MPEG-2 layer III in mono, with 8 kbit/s and 16 kHz. Their data
// is all zeros.
var (
	silence    = bytes.Repeat(append([]byte{0xff, 0xf3, 0x18, 0xc4}, make([]byte, frame-4)...), 3*16_000/576)
	silenceTag = fmt.Sprintf(`"%x"`, md5.Sum(silence))
)

// frame is the size of 576 samples in bytes: 72 times the bits per second, divided by the samples per second.
const frame = 72 * 8_000 / 16_000
