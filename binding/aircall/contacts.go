package aircall

import (
	"context"
)

// Contact is an entry of the company's shared address book. Names and texts that are null in Aircall's reply are "".
type Contact struct {
	ID           int64    `json:"id"`
	CreatedAt    Time     `json:"created_at"`
	UpdatedAt    Time     `json:"updated_at"`
	FirstName    string   `json:"first_name"`
	LastName     string   `json:"last_name"`
	Information  string   `json:"information"`
	CompanyName  string   `json:"company_name"`
	IsShared     bool     `json:"is_shared"`
	DirectLink   string   `json:"direct_link"`
	PhoneNumbers []Detail `json:"phone_numbers"`
	Emails       []Detail `json:"emails"`
}

// Detail is a phone number or an e-mail of a contact.
type Detail struct {
	ID    int64  `json:"id"`
	Label string `json:"label"` // free text, "Work"
	Value string `json:"value"` // as it was sent
}

// DetailParams adds a phone number or an e-mail, which requires both fields, or changes one: "" leaves a field unchanged.
type DetailParams struct {
	Label string `json:"label,omitempty"`
	Value string `json:"value,omitempty"` // E.164 for a phone number
}

// ContactCreateParams makes a contact. It takes 1 to 20 phone numbers and at most 20 e-mails.
type ContactCreateParams struct {
	FirstName    string         `json:"first_name,omitempty"`
	LastName     string         `json:"last_name,omitempty"`
	CompanyName  string         `json:"company_name,omitempty"`
	Information  string         `json:"information,omitempty"`
	PhoneNumbers []DetailParams `json:"phone_numbers,omitempty"`
	Emails       []DetailParams `json:"emails,omitempty"`
}

// ContactUpdateParams changes the fields that are not nil. Phone numbers and e-mails have separate methods, because
// Aircall ignores them in an update.
type ContactUpdateParams struct {
	FirstName   *string `json:"first_name,omitempty"`
	LastName    *string `json:"last_name,omitempty"`
	CompanyName *string `json:"company_name,omitempty"`
	Information *string `json:"information,omitempty"`
}

// ContactListParams chooses a page of contacts.
type ContactListParams struct {
	ListParams
	OrderBy string `url:"order_by"` // created_at or updated_at; "": created_at
}

// ContactSearchParams searches contacts by phone number or e-mail. Aircall cannot search names.
type ContactSearchParams struct {
	ListParams
	OrderBy     string `url:"order_by"`     // created_at or updated_at; "": created_at
	PhoneNumber string `url:"phone_number"` // E.164
	Email       string `url:"email"`
}

// Contacts lists the shared contacts; Aircall shows 10,000 of one list (list-all-contacts).
func (c *Client) Contacts(p ContactListParams) List[Contact] {
	return List[Contact]{c, "list-all-contacts", "contacts", Request{Query: values(p)}}
}

// SearchContacts lists the contacts with a phone number or an e-mail (search-contacts); without both it lists all contacts.
func (c *Client) SearchContacts(p ContactSearchParams) List[Contact] {
	return List[Contact]{c, "search-contacts", "contacts", Request{Query: values(p)}}
}

// Contact returns the contact with an id (retrieve-a-contact).
func (c *Client) Contact(ctx context.Context, id int64) (*Contact, error) {
	return one[Contact](ctx, c, "retrieve-a-contact", "contact", Request{Path: at(id)})
}

// CreateContact creates a contact (create-a-contact). Two requests make two contacts.
func (c *Client) CreateContact(ctx context.Context, p ContactCreateParams) (*Contact, error) {
	return one[Contact](ctx, c, "create-a-contact", "contact", Request{Body: p})
}

// UpdateContact changes a contact's names and texts (update-a-contact).
func (c *Client) UpdateContact(ctx context.Context, id int64, p ContactUpdateParams) (*Contact, error) {
	return one[Contact](ctx, c, "update-a-contact", "contact", Request{Path: at(id), Body: p})
}

// DeleteContact removes a contact (delete-a-contact).
func (c *Client) DeleteContact(ctx context.Context, id int64) error {
	return c.tell(ctx, "delete-a-contact", Request{Path: at(id)})
}

// AddContactPhone adds a phone number to a contact (add-phone-number-to-a-contact).
func (c *Client) AddContactPhone(ctx context.Context, id int64, p DetailParams) (*Detail, error) {
	return one[Detail](ctx, c, "add-phone-number-to-a-contact", "phone_detail", Request{Path: at(id), Body: p})
}

// UpdateContactPhone changes a phone number of a contact (update-phone-number-to-a-contact).
func (c *Client) UpdateContactPhone(ctx context.Context, id, detailID int64, p DetailParams) (*Detail, error) {
	return one[Detail](ctx, c, "update-phone-number-to-a-contact", "phone_detail", Request{Path: at(id, detailID), Body: p})
}

// DeleteContactPhone removes a phone number from a contact (delete-phone-number-from-a-contact).
func (c *Client) DeleteContactPhone(ctx context.Context, id, detailID int64) error {
	return c.tell(ctx, "delete-phone-number-from-a-contact", Request{Path: at(id, detailID)})
}

// AddContactEmail adds an e-mail to a contact (add-email-to-a-contact).
func (c *Client) AddContactEmail(ctx context.Context, id int64, p DetailParams) (*Detail, error) {
	return one[Detail](ctx, c, "add-email-to-a-contact", "email_detail", Request{Path: at(id), Body: p})
}

// UpdateContactEmail changes an e-mail of a contact (update-email-to-a-contact).
func (c *Client) UpdateContactEmail(ctx context.Context, id, detailID int64, p DetailParams) (*Detail, error) {
	return one[Detail](ctx, c, "update-email-to-a-contact", "email_detail", Request{Path: at(id, detailID), Body: p})
}

// DeleteContactEmail removes an e-mail from a contact (delete-email-from-a-contact).
func (c *Client) DeleteContactEmail(ctx context.Context, id, detailID int64) error {
	return c.tell(ctx, "delete-email-from-a-contact", Request{Path: at(id, detailID)})
}
