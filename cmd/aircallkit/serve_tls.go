package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/spf13/cobra"
)

// tlsOptions say whether the fake speaks TLS, and who vouches for it.
type tlsOptions struct {
	on    bool
	dir   string
	hosts []string
}

func (o *tlsOptions) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVar(&o.on, "tls", false, "serve HTTPS, with a certificate of a certificate authority made for you alone")
	f.StringVar(&o.dir, "tls-dir", "", "keep the certificate authority in this `directory`; default: aircallkit in your configuration directory")
	f.StringArrayVar(&o.hosts, "tls-host", nil, "make the certificate valid for this `name` too, such as api.aircall.io; may be repeated")
	_ = cmd.MarkFlagDirname("tls-dir")
}

// An authority signs the fake's certificates. Whoever trusts it must be sure of its key: that is readable for its owner
// alone, and signs nothing but what serve makes.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	file string // the certificate, to be trusted
}

const (
	authorityKey  = "ca-key.pem" // key and certificate: one file comes to be as a whole
	authorityCert = "ca.pem"
)

// secure gives what to listen with, nil without --tls, and the authority.
func (o *tlsOptions) secure(addr string) (*tls.Config, *authority, error) {
	if !o.on {
		if o.dir != "" || o.hosts != nil {
			return nil, nil, errors.New("--tls-dir and --tls-host go with --tls")
		}
		return nil, nil, nil
	}
	dir := o.dir
	if dir == "" {
		base, err := os.UserConfigDir()
		if err != nil {
			return nil, nil, errors.New("--tls: this user has no directory for configuration; --tls-dir names a directory")
		}
		dir = filepath.Join(base, "aircallkit")
	}
	dir, err := filepath.Abs(dir) // who is told of it may be elsewhere
	if err != nil {
		return nil, nil, fmt.Errorf("--tls-dir: %w", err)
	}
	ca, err := openAuthority(dir, time.Now())
	if err != nil {
		return nil, nil, fmt.Errorf("--tls: %w", err)
	}
	hosts := append([]string{"localhost", "127.0.0.1", "::1"}, o.hosts...)
	if host, _, err := net.SplitHostPort(addr); err == nil && host != "" {
		hosts = append(hosts, host)
	}
	cert, err := ca.certificate(hosts, time.Now())
	if err != nil {
		return nil, nil, fmt.Errorf("--tls: %w", err)
	}
	return &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}, ca, nil
}

// openAuthority reads the certificate authority in a directory, or makes a new one.
func openAuthority(dir string, now time.Time) (*authority, error) {
	name := filepath.Join(dir, authorityKey)
	data, err := readKey(name)
	if errors.Is(err, fs.ErrNotExist) {
		if err = makeAuthority(dir, now); err == nil {
			data, err = readKey(name)
		}
	}
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(data, data)
	if err != nil {
		return nil, fmt.Errorf("%s is no key with its certificate: %w; remove it and a new one is made", name, err)
	}
	ca := &authority{cert: pair.Leaf, file: filepath.Join(dir, authorityCert)}
	var ok bool
	if ca.key, ok = pair.PrivateKey.(*ecdsa.PrivateKey); !ok || !ca.cert.IsCA {
		return nil, fmt.Errorf("%s is not what serve --tls makes; remove it and a new one is made", name)
	}
	if now.After(ca.cert.NotAfter) {
		return nil, fmt.Errorf("%s ran out on %s; remove it and a new one is made", name, ca.cert.NotAfter.Format(time.DateOnly))
	}
	public := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.cert.Raw})
	if there, err := os.ReadFile(ca.file); err == nil && bytes.Equal(there, public) {
		return ca, nil
	}
	return ca, writeWhole(ca.file, public, 0o644, os.Rename)
}

// readKey refuses a key that others can read: they could pretend to be any server to whoever trusts it.
func readKey(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s can be read by others (%s): distrust the authority, remove the file and a new one is made", name, info.Mode().Perm())
	}
	return os.ReadFile(name)
}

func makeAuthority(dir string, now time.Time) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	machine, _ := os.Hostname()
	template := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: "aircallkit on " + machine, Organization: []string{"aircallkit, for tests alone"}},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(10, 0, 0),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true, KeyUsage: x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	data := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})
	data = append(data, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw})...)
	err = writeWhole(filepath.Join(dir, authorityKey), data, 0o600, os.Link)
	if errors.Is(err, fs.ErrExist) {
		return nil // another serve was faster: that one is taken
	}
	return err
}

// certificate makes one for hosts. It is kept nowhere: each start makes another.
func (ca *authority) certificate(hosts []string, now time.Time) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	const days = 397 // browsers take no longer ones
	template := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: "fake Aircall"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(0, 0, days),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, h)
		}
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, ca.cert, &key.PublicKey, ca.key)
	return tls.Certificate{Certificate: [][]byte{raw, ca.cert.Raw}, PrivateKey: key}, err
}

func serial() *big.Int {
	b := make([]byte, 16)
	rand.Read(b)
	return new(big.Int).SetBytes(b)
}

// trust tells how to make programs believe the certificate.
func (ca *authority) trust(p *process) {
	fmt.Fprintf(p.stdout, `
TLS is vouched for by an authority of your own, %[1]s. Its key stays beside it.
Let a program trust it, for as long as it runs:
  export SSL_CERT_FILE=%[1]q         # Go, Ruby, OpenSSL: in the place of the system's authorities
  export NODE_EXTRA_CA_CERTS=%[1]q   # Node
  export REQUESTS_CA_BUNDLE=%[1]q    # Python's requests
  curl --cacert %[1]q
or the whole machine, until you remove it:
  sudo cp %[1]q /usr/local/share/ca-certificates/aircallkit.crt && sudo update-ca-certificates   # Debian
  sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain %[1]q     # macOS
`, ca.file)
}
