"""What people write above the columns of a member list, without marks and signs, and which field it means.

The keys are search forms ("Ngày, tháng, năm sinh" → "ngay thang nam sinh"). A two-row header is joined:
"Ngày sinh" over "Nữ" is "ngay sinh nu".
"""

from branches.vietnamese import plain

FIELDS = {
    "full_name": "Họ và tên",
    "family_names": "Họ và tên đệm",
    "given_name": "Tên",
    "sex": "Giới tính",
    "is_female": "Nữ (cột đánh dấu)",
    "is_male": "Nam (cột đánh dấu)",
    "birth_date": "Ngày sinh",
    "birth_date_male": "Ngày sinh của nam",
    "birth_date_female": "Ngày sinh của nữ",
    "birth_day": "Ngày (của ngày sinh)",
    "birth_month": "Tháng (của ngày sinh)",
    "birth_year": "Năm (của ngày sinh)",
    "national_code": "Mã đoàn viên",
    "card_number": "Số thẻ đoàn viên",
    "personal_number": "Số căn cước",
    "ethnicity": "Dân tộc",
    "religion": "Tôn giáo",
    "job": "Công việc, chức vụ",
    "education": "Trình độ",
    "education_level": "Bậc trình độ",
    "politics": "Lý luận chính trị",
    "admitted_on": "Ngày vào Đoàn",
    "admitted_at": "Nơi vào Đoàn",
    "joined_party_on": "Ngày vào Đảng",
    "official_party_on": "Ngày vào Đảng chính thức",
    "phone": "Điện thoại",
    "email": "Thư điện tử",
    "address": "Nơi ở hiện nay",
    "hometown": "Quê quán",
    "discipline": "Kỷ luật",
    "unit": "Chi đoàn",
}

_WRITTEN = {
    "full_name": """
        ho va ten; ho ten; ho va ten doan vien; ho ten doan vien; hoten; ho va ten khai sinh; ten doan vien; ho va
        ten d c; ho ten d c; ho ten dv; ho va ten dv; ho ten khai sinh; ho chu dem va ten; ho va ten can bo; d c;
        dong chi; ho dem va ten; ho ten dem; ho ten can bo; ho va ten thanh vien; full name; fullname; name; ten day
        du; ho va ten doan vien thanh nien; ho va ten viet chu in hoa; ho va ten chu in hoa; ho va ten theo khai
        sinh; ho va ten chu dem; ho va ten nguoi; ho ten thanh nien; ho va ten thanh nien; ho va ten sinh vien; ho
        va ten dong chi""",
    "family_names": """
        ho va chu lot; ho chu lot; ho lot va dem;
        ho; ho dem; ho va dem; ho va ten dem; ho va chu dem; ho chu dem; ho lot; ho va ten lot; ho va lot; ho ten
        lot; ho va ten ho dem; ho ten ho dem; ho va ten ho; last name; ho va ten ho va dem; ho va ten ho va ten dem;
        ho va ten ho va chu dem""",
    "given_name": "ten; ten rieng; ten goi; ho va ten ten; ho ten ten; first name; ten dv",
    "sex": """
        gioi tinh; phai; gioi; gt; g tinh; gioi tinh nam nu; nam nu; gioi tinh nam hoac nu; sex; gender; nu nam;
        phai nam nu; g t""",
    "birth_date": """
        ngay sinh; ngay thang nam sinh; nam sinh; sinh ngay; ngay thang sinh; ngay sinh ngay thang nam; dob; ngay
        thang nam; nam sinh ngay thang nam; nsinh; n sinh; ns; ngay thang nam sinh dd mm yyyy; ngay sinh dd mm yyyy;
        sinh nam; ntns; ngay thang nam sinh ngay thang nam; ntn sinh; n t n s; n t n sinh; date of birth; birthday;
        ngay t nam sinh; ng sinh; ng thang nam sinh; ngay thang nam sinh dv; sinh ngay thang nam; thoi gian sinh""",
    "birth_date_male": """
        ngay sinh nam; ngay thang nam sinh nam; nam sinh nam; ngay sinh cua nam; sinh nam nam; nam sinh cua nam; nam
        sinh doi voi nam; ngay sinh nam gioi; ngay thang sinh nam; sinh ngay nam; tuoi nam""",
    "birth_date_female": """
        ngay sinh nu; ngay thang nam sinh nu; nam sinh nu; ngay sinh cua nu; nam sinh cua nu; sinh nam nu; nam sinh
        doi voi nu; ngay sinh nu gioi; ngay thang sinh nu; sinh ngay nu; tuoi nu""",
    "birth_day": "ngay sinh ngay; ngay thang nam sinh ngay; sinh ngay ngay",
    "birth_month": "thang sinh; ngay sinh thang; ngay thang nam sinh thang; sinh ngay thang",
    "national_code": """
        ma doan vien; ma dv; ma so doan vien; ma so dv; ma dinh danh doan vien; ma doan vien yum; ma yum; ma so doan
        vien yum; ma qldv; ma tren phan mem; ma doan vien tren phan mem; madv; ma doanvien; ma dinh danh dv""",
    "card_number": """
        so the doan; so the doan vien; so the; the doan; the doan vien; so the dv; ma the doan vien; ma so the; so
        so doan; so so doan vien; ma the; so hieu the""",
    "personal_number": """
        cmnd; cccd; cmnd cccd; cccd cmnd; so cmnd; so cccd; so cmnd cccd; so cccd cmnd; can cuoc cong dan; so can
        cuoc; so can cuoc cong dan; so dinh danh; so dinh danh ca nhan; ma dinh danh; can cuoc; cmt; so cmt; cmtnd;
        so cmtnd; so dinh danh ca nhan cccd; cccd so dinh danh ca nhan; chung minh nhan dan; so chung minh nhan dan;
        cc cccd; chung minh thu; ma dinh danh ca nhan; so cmnd the cccd; the can cuoc; so the can cuoc; so cccd dinh
        danh; so cc; cmnd can cuoc; so cmnd can cuoc; so cmt cccd; cccd ma dinh danh; so cc cccd; so ddcn; so dinh
        danh cccd; giay to tuy than; so cccd so dinh danh; so dinh danh ca nhan cmnd; cmnd cccd so; so giay cmnd; so
        can cuoc cccd; cmnd ho chieu""",
    "ethnicity": "dan toc; d toc; dt; dtoc; thanh phan dan toc; d t",
    "religion": "ton giao; t giao; tgiao; tg; ton giao neu co; dao",
    "job": """
        nghe nghiep; cong viec; chuc vu chinh quyen; cong viec chuc vu; nghe nghiep hien nay; chuc danh; cong viec
        hien nay; chuc vu cong tac; don vi cong tac; chuc vu chuyen mon; nghe nghiep noi lam viec; vi tri cong tac;
        vi tri viec lam; nghe nghiep don vi cong tac; co quan cong tac; noi cong tac; noi lam viec; cv; chuc vu don
        vi cong tac; viec lam; chuc vu chuc danh; nghe nghiep chuc vu; chuc vu cong viec; nhiem vu; chuc vu; bo phan
        cong tac; bo phan; phong ban; nghe nghiep hoac noi lam viec; chuc danh nghe nghiep; don vi cong tac chuc vu""",
    "education": """
        trinh do; trinh do hoc van; hoc van; trinh do chuyen mon; chuyen mon; chuyen mon nghiep vu; tdcm; td cm;
        trinh do van hoa; van hoa; trinh do chuyen mon nghiep vu; tdvh; td vh; trinh do hoc van chuyen mon; bang
        cap; cm; van hoa chuyen mon; trinh do vh; trinh do cm; hoc vi; hoc ham hoc vi; nganh hoc; trinh do dao tao;
        t do hv; t do cm; tdhv; td hv; trinh do hoc van van hoa; trinh do chuyen mon cao nhat; trinh do giao duc pho
        thong; vh; cmnv; hv; gdpt; trinh do van hoa chuyen mon; giao duc pho thong; t do vh; trinh do pho thong; van
        hoa pho thong; pho thong""",
    "education_level": "bac trinh do; bac hoc; trinh do cao nhat; bac dao tao; cap trinh do",
    "politics": """
        ly luan chinh tri; llct; trinh do ly luan chinh tri; trinh do llct; chinh tri; ll chinh tri; trinh do chinh
        tri; ly luan; trinh do ly luan; tdllct; td llct; trinh do ct; trinh do ly luan ct; li luan chinh tri; trinh
        do li luan chinh tri""",
    "admitted_on": """
        ngay vao doan; nvd; ngay vao doan tncs; ngay vao doan tncs ho chi minh; ngay ket nap doan; ngay ket nap;
        doan ngay vao; vao doan; ngay vao doan tncs hcm; vao doan ngay; ngay thang nam vao doan; nam vao doan; doan
        ngay ket nap; thoi gian vao doan; ngay v doan; ngay vao; ngay thang vao doan; tg vao doan; nam ket nap; ngay
        ket nap vao doan; vao doan tncs hcm; ngay chuan y ket nap; nam ket nap doan; vao doan ngay vao; ngay noi vao
        doan ngay; vao doan ngay thang nam; doan ngay; ngay vao doan ngay; vao doan tncs ho chi minh; nam vao; ngay
        thang nam ket nap; ngay thang nam ket nap doan; ngay vao dtn""",
    "admitted_at": """
        noi vao doan; doan noi vao; noi ket nap; noi ket nap doan; vao doan noi; vao doan tai; vao doan noi vao; noi
        vao; ket nap tai; noi v doan; noi vao doan tncs; noi vao doan tncs ho chi minh; doan noi ket nap; doan noi;
        ngay vao doan noi; don vi ket nap; noi vao dtn; noi vao doan tncs hcm; ngay noi vao doan noi; chi doan ket
        nap""",
    "joined_party_on": """
        ngay vao dang; vao dang; ngay vao dang du bi; ngay ket nap dang; dang du bi; ngay vao dang csvn; dang vien
        du bi; dang ngay vao; ngay vao dang neu co; du bi; ngay vao dang ngay vao; dang ngay du bi; ngay vao dang
        dang du bi; ngay ket nap dang vien; ngay du bi; vao dang ngay du bi; vao dang du bi; thoi gian vao dang; nam
        vao dang; ket nap dang; dang vien ngay vao; ngay vao dang cong san; dang vien du bi ngay; dang ngay ket nap;
        ngay vao dang ngay du bi; ngay ket nap vao dang; vao dang ngay vao; dang vien ngay du bi; ngay vao dcsvn;
        ngay vao dang cong san viet nam; ngay vao dang ket nap; dang vien ngay ket nap; dang vien ngay vao
        dang; la dang vien ngay vao dang""",
    "official_party_on": """
        ngay chinh thuc; ngay vao dang chinh thuc; chinh thuc; dang chinh thuc; ngay cong nhan chinh thuc; ngay vao
        dang ngay chinh thuc; dang ngay chinh thuc; vao dang chinh thuc; vao dang ngay chinh thuc; dang vien chinh
        thuc; ngay chuyen chinh thuc; ngay chuyen dang chinh thuc; ngay vao dang dang chinh thuc; dang vien ngay
        chinh thuc; ngay vao dang ct; ngay ct; dang ct""",
    "phone": """
        dien thoai; so dien thoai; sdt; so dt; dtdd; dien thoai di dong; dt di dong; so dien thoai di dong; so dien
        thoai lien he; di dong; dt lien he; so dtdd; dien thoai lien he; so dt lien he; sdt lien he; so lien lac;
        phone; tel; mobile; dt dd; so di dong; so phone; dthoai; d thoai; so zalo; zalo; sdt zalo; so dien thoai
        zalo; lien he; so may; dien thoai zalo; so dt di dong; sodt; s dt; so dien thoai ca nhan; lien he dien
        thoai; lien he sdt; thong tin lien he so dien thoai; lien he so dien thoai; hotline""",
    "email": """
        email; e mail; thu dien tu; dia chi email; mail; dia chi thu dien tu; gmail; dia chi mail; hop thu; dia chi
        e mail; hop thu dien tu; lien he email; email ca nhan""",
    "address": """
        dia chi; noi o hien nay; cho o hien nay; noi o; thuong tru; dia chi thuong tru; ho khau thuong tru; noi cu
        tru; hktt; dia chi hien nay; noi o hien tai; cho o; dia chi lien he; dia chi lien lac; tam tru; noi dang ky
        thuong tru; dia chi noi o; hien nay; noi thuong tru; dia chi thuong tru tam tru; dia chi nha; noi dang ky ho
        khau thuong tru; ho khau; cho o hien tai; noi tam tru; dia chi cu tru; dc; d chi; noi o hien nay dia chi;
        dia chi hien tai; noi cu tru hien nay; dia chi tam tru; noi dang ky hktt; noi sinh song""",
    "hometown": """
        que quan; nguyen quan; que; que quan tinh; que goc; quequan; q quan; que quan xa huyen tinh; que quan xa
        phuong tinh tp""",
    "discipline": """
        ky luat; hinh thuc ky luat; kl; ki luat; khen thuong ky luat ky luat; bi ky luat; ky luat neu co""",
    "unit": """
        chi doan; don vi; ten chi doan; thuoc chi doan; ma chi doan; chi doan truc thuoc; don vi sinh hoat; lop;
        sinh hoat tai chi doan; ten don vi; don vi chi doan; noi sinh hoat; to chuc doan; chi doan sinh hoat; chi
        doan doan co so; don vi truc thuoc; ma don vi; chi doan dang sinh hoat; sinh hoat tai""",
    # Known and left out on purpose.
    "": """
        diem ren luyen; doan vien uu tu; ngay vao lam; ngay vao nganh; mssv; ma so sinh vien; khoa; khoa hoc;
        ma sinh vien; ngay chuyen sinh hoat den; ngay chuyen sinh hoat di;
        stt; tt; so tt; so thu tu; s tt; no; ghi chu; xep loai; xep loai doan vien; chuc vu doan; chuc vu trong
        doan; chuc vu doan the; ky ten; chu ky; ky nhan; diem; danh gia; khen thuong; thanh tich; ngoai ngu; tin
        hoc; trinh do ngoai ngu; trinh do tin hoc; doan phi; doan phi da nop; chuc vu doan hoi; nam xep loai; ket
        qua xep loai; ket qua ren luyen; xep loai chat luong doan vien; phan loai; phan loai doan vien; tinh trang;
        trang thai; dang vien; la dang vien; tuoi; nang khieu; so thich; so truong; noi sinh; ngay cap; noi cap;
        ngay cap cccd; noi cap cccd; ngay cap cmnd; noi cap cmnd; suc khoe; chuc vu doan hien nay; co mat; vang;
        diem danh; facebook; hoi vien; hoi lhtn; anh; anh the; ma loi; ly do; ngay chuyen den; ngay chuyen di; noi
        chuyen den; noi chuyen di; hon nhan; tinh trang hon nhan; thanh phan gia dinh; luong; he so luong; bac
        luong; nhom mau; trinh do nn; trinh do th; nn; th; ngoai ngu tin hoc; xep loai nam; y kien; cap cccd ngay;
        cccd ngay cap; cccd noi cap; cmnd ngay cap; cmnd noi cap; cmnd cccd ngay cap; cmnd cccd noi cap; xac nhan;
        so so lao dong; tuoi doan; nhiem ky; chuc vu dang; so the dang; so the dang vien; truong thanh doan; ngay
        truong thanh doan; bi danh; ten goi khac; ten thuong goi; chuc danh doan; chuc vu bch; chuc vu trong chi
        doan; vi tri trong doan; chuc vu hoi; khen thuong ky luat; kt kl; khen thuong ki luat""",
}

# Below a wider title these say nothing by themselves.
WEAK = {
    *("nam", "nu", "ngay", "thang", "noi", "so", "ten", "ho", "vao", "cap", "x", "co", "khong", "xa", "huyen", "tinh"),
    *("thon", "to", "phuong", "chinh thuc", "du bi", "ngay vao", "noi vao", "hien nay", "van hoa", "chuyen mon"),
    *("ngay cap", "noi cap"),
}

# Parts of an address; below such a title they are sure to be parts of it.
PLACE_PARTS = {
    *("xa", "huyen", "tinh", "thon", "to", "phuong", "quan", "thanh pho", "tp", "ap", "khom", "duong", "so nha", "xom"),
    *("xa phuong", "quan huyen", "tinh thanh pho", "tinh tp", "thon xom", "to dan pho", "dac khu", "thi tran", "ban"),
    *("xa phuong thi tran", "phuong xa", "thon to", "khu pho", "so nha duong", "dia chi", "chi tiet", "ap khom"),
}

# Looked for when nobody has written exactly this; the first that is found counts, and the guess is not sure.
CONTAINED = (
    ("cua cha", ""), ("cua bo", ""), ("cua me", ""), ("cua con", ""), ("cua vo", ""), ("cua chong", ""),
    ("ghi chu", ""), ("xep loai", ""), ("chuc vu doan", ""), ("chuc vu trong doan", ""), ("doan phi", ""),
    ("chu ky", ""), ("ngay cap", ""), ("noi cap", ""), ("the dang", ""), ("phan loai", ""), ("ngoai ngu", ""),
    ("tin hoc", ""), ("cha me", ""), ("phu huynh", ""), ("ho ten cha", ""), ("ho ten me", ""), ("ho va ten cha", ""),
    ("ho va ten bo", ""), ("ho va ten me", ""), ("nguoi than", ""), ("vo chong", ""),
    ("dang chinh thuc", "official_party_on"), ("cong nhan chinh thuc", "official_party_on"),
    ("vao dang", "joined_party_on"), ("ket nap dang", "joined_party_on"), ("noi vao doan", "admitted_at"),
    ("noi ket nap", "admitted_at"), ("vao doan", "admitted_on"), ("ket nap", "admitted_on"),
    ("cccd", "personal_number"), ("cmnd", "personal_number"), ("can cuoc", "personal_number"),
    ("dinh danh ca nhan", "personal_number"), ("ma doan vien", "national_code"), ("ma so doan vien", "national_code"),
    ("the doan", "card_number"), ("ngay thang nam sinh", "birth_date"), ("ngay sinh", "birth_date"),
    ("nam sinh", "birth_date"), ("gioi tinh", "sex"), ("dan toc", "ethnicity"), ("ton giao", "religion"),
    ("ly luan chinh tri", "politics"), ("llct", "politics"), ("dien thoai", "phone"), ("sdt", "phone"),
    ("email", "email"), ("thu dien tu", "email"), ("que quan", "hometown"), ("nguyen quan", "hometown"),
    ("thuong tru", "address"), ("dia chi", "address"), ("noi o", "address"), ("cho o", "address"),
    ("cu tru", "address"), ("trinh do", "education"), ("hoc van", "education"), ("chuyen mon", "education"),
    ("nghe nghiep", "job"), ("cong tac", "job"), ("cong viec", "job"), ("chuc vu", "job"), ("ky luat", "discipline"),
    ("chi doan", "unit"), ("ho va ten dem", "family_names"), ("ho va ten", "full_name"), ("ho ten", "full_name"),
)  # fmt: skip


def _words() -> dict[str, str]:
    words = {
        "".join(sign if sign.isalnum() else " " for sign in plain(label)): field for field, label in FIELDS.items()
    }
    for field, written in _WRITTEN.items():
        words.update((" ".join(one.split()), field) for one in written.split(";"))
    return {" ".join(key.split()): field for key, field in words.items()}


WORDS = _words()
